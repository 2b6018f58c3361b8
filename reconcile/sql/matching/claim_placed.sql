-- One row per slow claim with the campaign it is first placed in: its own, its key's events', its lead's.
-- Left out: nothing.
select
    c.*,
    k.campaign_no as key_campaign_no,
    coalesce(c.own_campaign_no, k.campaign_no, c.lead_campaign_no) as first_campaign_no -- rule: claim_campaign_of_key => coalesce(c.own_campaign_no, c.lead_campaign_no) as first_campaign_no
from slow_claim as c
left join key_campaign as k
    on c.key_hi = k.key_hi and c.key_lo = k.key_lo and c.event_no = k.event_no
