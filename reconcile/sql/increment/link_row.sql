-- One row per id and token by which it may be joined to another id: an external id, or what a spreadsheet has made
-- of an id. Rows that no exact rule has joined seek by it; leads carry it, and events their own external ids.
-- Rows whose id names no lead have none to be told by; they are always looked at anew.
with unjoined as (
    select
        e.key_hi, e.key_lo, e.norm_id, e.external_clickid, e.clid, false as names_lead,
        (e.usable = 0 or e.lead_known = 0) and e.is_conversion = 1 and e.event_no is not null as may_be_odd
    from event_run as e
    left join pair as p on e.event_order = p.event_order
    where p.event_order is null or p.evidence is not null
    union all
    select
        c.key_hi, c.key_lo, c.norm_id, c.external_clickid, c.clid, c.event_no is not null as names_lead,
        (c.usable = 0 or c.lead_known = 0) and c.event_no is not null as may_be_odd
    from claim_run as c
    left join pair as p on c.claim_order = p.claim_order
    where p.claim_order is null or p.evidence is not null
),

link as (
    select key_hi, key_lo, 'external ' || external_clickid as token, names_lead as seeks
    from unjoined
    union all
    select key_hi, key_lo, 'external ' || clid as token, names_lead as seeks
    from unjoined
    union all
    select key_hi, key_lo, damage_of(norm_id) as token, true as seeks
    from unjoined
    where may_be_odd and may_be_damaged(norm_id)
    union all
    select key_hi, key_lo, 'external ' || external as token, false as seeks
    from external_lead
    union all
    select key_hi, key_lo, damage_of(odd_id) as token, false as seeks
    from damage_fit
)

select key_hi, key_lo, token, bool_or(seeks) as seeks
from link
where token is not null
group by key_hi, key_lo, token
