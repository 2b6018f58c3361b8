-- One row: how many rows name no lead and are known by their whole content. Left out: nothing.
select count(row_hi) as bare
from checked_row
