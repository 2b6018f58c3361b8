-- One row per id of which some lead, event or claim of the run names a source.
-- Left out: rows of other sources, and rows without a usable id.
select key_hi, key_lo from lead where pid = $source and key_hi is not null
union
select key_hi, key_lo from event where pid = $source and key_hi is not null
union
select key_hi, key_lo from claim where pid = $source and key_hi is not null
