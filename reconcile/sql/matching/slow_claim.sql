-- One row per claim that has to be looked at, with the text that its content is compared by.
-- Left out: claims of clean keys.
with slow as (
    select f.*
    from claim_fact as f
    left join slow_key as k
        on f.key_hi = k.key_hi and f.key_lo = k.key_lo and f.event_no = k.event_no
    where
        k.key_hi is not null -- rule: slow_claim_of_its_key => 1 = 0
        or f.key_hi is null -- rule: slow_claim_without_id
        or f.event_no is null -- rule: slow_claim_without_event
)

select
    slow.*,
    c.transaction_id,
    c.norm_id,
    c.status as raw_status,
    c.external_clickid
from claim as c
inner join slow on c.file_no = slow.file_no and c.line_no = slow.line_no
