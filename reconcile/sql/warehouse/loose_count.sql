-- One row: how many batches of a kind with fewer than so many rows have files of their own.
-- Left out: those in a pack, and those without rows.
select count(*) as n from batch where kind = $kind and pack is null and rows > 0 and rows < $rows
