-- So many blocked rows of a plan that was never sealed, removed; the ledger's triggers let no other go.
delete from blocked_row where rowid in (select rowid from blocked_row where plan = $plan limit $count);
