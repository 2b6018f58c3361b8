-- One row per line of the text that was refused, or may be no data. Left out: what good_row holds.
select *
from faulted
where is_faulty or is_suspect
