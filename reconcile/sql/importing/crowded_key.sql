-- One row per key of a range that stands on several lines, and their number. $ranges: the keys are parted into
-- so many ranges; $range: this one, from 0. Left out: rows that name no lead, and keys of other ranges.
select
    key_hi,
    count(*) as lines
from checked_row
where key_hi % $ranges = $range
group by key_hi
having count(*) > 1
