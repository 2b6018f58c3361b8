-- One row per event that has to be looked at, with the text that its content is compared by.
-- Left out: events of clean keys.
select
    f.*,
    e.transaction_id,
    e.norm_id,
    e.external_clickid
from event_fact as f
inner join event as e on f.file_no = e.file_no and f.line_no = e.line_no
left join slow_key as k
    on f.key_hi = k.key_hi and f.key_lo = k.key_lo and f.event_no = k.event_no
where k.key_hi is not null or f.key_hi is null or f.event_no is null
