-- One row per id and event that is not clean, with what its rows say together, before any filter.
-- Left out: clean keys. event_campaign_no is set only where the key's events agree on it.
select
    k.key_hi,
    k.key_lo,
    k.event_no,
    k.events,
    k.claims,
    k.buyer_no as first_buyer_no,
    k.other_buyer_no as last_buyer_no
from key_sum as k
left join clean_pair as p
    on k.key_hi = p.key_hi and k.key_lo = p.key_lo and k.event_no = p.event_no
where p.key_hi is null
