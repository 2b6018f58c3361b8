-- One row: a plan that was never sealed, removed; the ledger's triggers let no other go.
delete from plan where id = $plan and hash = '';
