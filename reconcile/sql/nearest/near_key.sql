-- One row per id that has rows on both sides: how many pairs of them there are.
-- Left out: rows whose id names no lead.
select
    key_hi,
    key_lo,
    cast(count_if(side = 'event') * count_if(side = 'claim') as bigint) as pairs
from near_row
where key_hi is not null
group by key_hi, key_lo
having count_if(side = 'event') > 0 and count_if(side = 'claim') > 0
