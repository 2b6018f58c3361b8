-- One row per claim that has to be looked at, with the text that its content is compared by.
-- Left out: claims of clean keys.
select
    f.*,
    c.transaction_id,
    c.norm_id,
    c.status as raw_status,
    c.external_clickid
from claim_fact as f
inner join claim as c on f.file_no = c.file_no and f.line_no = c.line_no
left join slow_key as k
    on f.key_hi = k.key_hi and f.key_lo = k.key_lo and f.event_no = k.event_no
where k.key_hi is not null or f.key_hi is null or f.event_no is null
