-- One row: of the rows of a file with an id, how many name a lead that rows of the other side know.
-- $ranges: the keys are parted into so many ranges; $range: this one, from 0. Left out: rows without an id, keys
-- of other ranges, and rows of batches that share a file with those that are meant.
select
    count(*) as with_id,
    count(*) filter (
        where exists (
            select 1
            from other_row
            where
                other_row.key_hi = checked_row.key_hi
                and other_row.key_lo = checked_row.key_lo
                and other_row.key_hi % $ranges = $range
                and list_contains($batches::varchar[], other_row.batch)
        )
    ) as known
from checked_row
where key_hi % $ranges = $range
