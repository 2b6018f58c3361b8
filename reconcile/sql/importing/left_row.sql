-- One row per line of the text, which holds only what good_row did not at the first look.
-- Left out: nothing.
select *
from faulted
