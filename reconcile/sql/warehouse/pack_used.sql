-- At most one row: a batch of a pack.
select id from batch where pack = $pack limit 1
