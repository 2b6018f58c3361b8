-- One row per slow claim with the campaign that scope and settings go by, fixed before pairing, and why
-- it is not in the run. Left out: nothing. A key whose id proved a placeholder places nobody any more.
with placed as (
    select
        c.*,
        case
            when c.key_hi is null then 0 -- rule: claim_needs_id
            when c.event_no is null then 1 -- rule: claim_without_event_has_its_id
            else k.usable
        end as identified,
        coalesce(k.usable, 0) as usable,
        coalesce(k.may_repeat, 0) as may_repeat,
        case
            when k.usable = 0 then 0 -- rule: claim_placeholder_has_no_other_buyer
            when k.first_buyer_no <> c.buyer_no then 1 -- rule: claim_other_buyer_first
            when k.last_buyer_no <> c.buyer_no then 1 -- rule: claim_other_buyer_last
            else 0
        end as other_buyer,
        case
            when k.usable = 0 then coalesce(c.own_campaign_no, c.lead_campaign_no) -- rule: placeholder_places_nobody => when 1 = 0 then null
            else c.first_campaign_no
        end as placed_campaign_no
    from claim_placed as c
    left join key_fact as k
        on c.key_hi = k.key_hi and c.key_lo = k.key_lo and c.event_no = k.event_no
)

select
    p.*,
    case
        when not $by_campaign then p.left_out
        when p.placed_campaign_no is null then p.left_out -- rule: claim_unknown_campaign_stays
        when chosen.word_no is null then 'other_campaign' -- rule: claim_campaign_filter
        else p.left_out
    end as not_in_run
from placed as p
left join chosen_campaign as chosen on p.placed_campaign_no = chosen.word_no
