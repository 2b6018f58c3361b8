-- One row per row of a file, where too many can have an equal one to look for these first. Left out: nothing.
select *
from checked_row
