-- One row: how many rows name a lead, how many leads they name, and how many rows name none and are known
-- by their whole content. Left out: nothing.
select
    count(key_hi) as with_id,
    count(distinct key_hi) as ids,
    count(row_hi) as bare
from checked_row
