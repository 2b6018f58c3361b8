-- One row per event that has to be looked at, with the text that its content is compared by.
-- Left out: events of clean keys.
with slow as (
    select f.*
    from event_fact as f
    left join slow_key as k
        on f.key_hi = k.key_hi and f.key_lo = k.key_lo and f.event_no = k.event_no
    where
        k.key_hi is not null -- rule: slow_event_of_its_key => 1 = 0
        or f.key_hi is null -- rule: slow_event_without_id
        or f.event_no is null -- rule: slow_event_without_event
)

select
    slow.*,
    e.transaction_id,
    e.norm_id,
    e.external_clickid
from event as e
inner join slow on e.file_no = slow.file_no and e.line_no = slow.line_no
