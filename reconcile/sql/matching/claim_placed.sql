-- One row per slow claim with the campaign it is placed in for scope and settings, before pairing.
-- Its own word first, then its key's events' where they agree, then its lead's.
-- Left out: nothing; left_out now also knows the run's campaigns.
with placed as (
    select
        c.*,
        coalesce(c.own_campaign_no, k.campaign_no, c.lead_campaign_no) as placed_campaign_no -- rule: claim_campaign_of_key => coalesce(c.own_campaign_no, c.lead_campaign_no) as placed_campaign_no
    from slow_claim as c
    left join key_campaign as k
        on c.key_hi = k.key_hi and c.key_lo = k.key_lo and c.event_no = k.event_no
)

select
    p.*,
    case
        when $by_campaign and p.placed_campaign_no is not null and chosen.word_no is null then 'other_campaign' -- rule: claim_campaign_filter
        else p.left_out
    end as not_in_run
from placed as p
left join chosen_campaign as chosen on p.placed_campaign_no = chosen.word_no
