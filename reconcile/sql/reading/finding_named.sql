-- One row per finding that is named by one of the ids asked for, and is of the source asked for. Apart from the other
-- filters, because to plan it takes as long as all of them, and most often no id is asked for.
-- Left out: what the two do not let pass, and what finding_any leaves out.
select *
from finding_any
where
    (
        not $by_source
        or (key_hi(id_key), key_lo(id_key)) in (select (key_hi, key_lo) from source_key)
    )
    and (
        not $by_id
        or ref in (select id from wanted_id)
        or finding in (select id from wanted_id)
        or id_key in (select key from wanted_id)
        or file || ':' || line in (select id from wanted_id)
        or file_name || ':' || line in (select id from wanted_id)
        or 'event:' || partner_batch || ':' || partner_line in (select id from wanted_id)
    )
