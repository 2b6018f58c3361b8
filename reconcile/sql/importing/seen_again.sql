-- One row per line of seen_cell, for a question that reads text_cell. Left out: nothing.
select *
from seen_cell
