-- One row: how many findings there are; a pair is one.
-- Left out: classes that ask nothing of anybody.
select cast(count(*) as bigint) as findings
from verdict
where
    class not in ('matched', 'matched_within_tolerance', 'timing', 'not_due_yet', 'not_billable') -- rule: finding_class => 1 = 1
    and (side = 'claim' or rule is null) -- rule: finding_pair_is_one
