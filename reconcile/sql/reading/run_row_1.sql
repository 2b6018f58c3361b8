-- One row per row that a run of the first rules keeps, with the columns of a later one.
-- Left out: nothing.
select *, null::varchar as evidence
from run_row_1
