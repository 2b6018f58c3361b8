-- One row per lead row up to the data's end. Left out: what happened after it, which is not known then; rows without a
-- time stay.
select *
from lead_loaded
where occurred_at is null or occurred_at <= $as_of
