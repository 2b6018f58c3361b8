-- One row per id that was asked for, with its canonical form.
-- Left out: nothing.
select id, norm_key(id) as key
from named_id
