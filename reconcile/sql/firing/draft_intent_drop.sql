-- So many postbacks of a plan that was never sealed, removed; the ledger's triggers let no other go.
delete from intent where id in (select id from intent where plan = $plan limit $count);
