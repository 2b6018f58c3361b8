-- One row: the plan with all that it holds, bound to its hash; from now on it never changes.
update plan set hash = $hash, rows = $rows, sums = $sums, phrase = $phrase
where id = $plan and hash = '';
