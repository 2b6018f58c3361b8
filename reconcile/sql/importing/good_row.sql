-- One row per typed line of the text that is data without doubt. Left out: what rest_row holds.
select *
from typed
where not is_faulty and not is_suspect
