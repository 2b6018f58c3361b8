-- One row per currency and cause: by how much what counts of the buyer's claims moved, in ten-thousandths, and in
-- how many rows of the list. Left out: nothing.
select cause, currency, cast(count(*) as bigint) as rows, cast(sum(effect_e4) as hugeint) as effect_e4
from move
group by cause, currency
