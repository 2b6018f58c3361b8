-- One row per id whose rows are reconciled anew: those that came or went, those that a loose id may join
-- to one of them, and with $all_left (another coverage or watermark) all that were not joined exactly.
-- Left out: ids whose verdicts cannot have changed.
with affected as (
    select key_hi, key_lo from touched_id
    union all
    select l.key_hi, l.key_lo
    from prior_left as l
    where $all_left or l.loose_id in (select t.loose_id from touched_id as t where t.loose_id is not null)
)

select distinct key_hi, key_lo
from affected
