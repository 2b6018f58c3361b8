-- One row per left-over claim with the first class that applies, and what is worth knowing beside it.
-- Left out: paired claims. Lead flags need an id that identifies; the spans are made of the exports' covers.
with known as (
    select
        c.*,
        case when choice.claim_order is not null then 1 else 0 end as has_choice,
        r.rival_order,
        case when configured.campaign_no is not null and setting.event_no is null then 1 else 0 end as not_configured, -- rule: claim_settings_not_given => case when setting.event_no is null then 1 else 0 end as not_configured,
        case when lead_span.span_from is not null then 1 else 0 end as leads_cover,
        case when event_span.span_from is not null then 1 else 0 end as events_cover
    from left_claim as c
    left join (select claim_order from choice group by claim_order) as choice on c.claim_order = choice.claim_order
    left join claim_rival as r on c.claim_order = r.claim_order
    left join configured on c.placed_campaign_no = configured.campaign_no
    left join setting on c.placed_campaign_no = setting.campaign_no and c.event_no = setting.event_no
    left join lead_span
        on
            c.placed_campaign_no is not distinct from lead_span.word_no -- rule: lead_cover_of_campaign => 1 = 1
            and lead_span.span_from <= days_before(c.probe_from, $lookback_days) -- rule: lead_cover_lookback_claim
            and c.probe_to < lead_span.span_to -- rule: lead_cover_up_to_claim
    left join event_span
        on
            c.placed_campaign_no is not distinct from event_span.word_no -- rule: event_cover_of_campaign => 1 = 1
            and event_span.span_from <= c.probe_from -- rule: event_cover_from
            and c.probe_to < event_span.span_to -- rule: event_cover_to
)

select
    k.*,
    case
        when k.has_choice = 1 then 'ambiguous' -- rule: claim_ambiguous
        when k.identified = 0 then 'unidentified' -- rule: claim_unidentified
        when k.negative = 1 then 'clawback' -- rule: claim_clawback
        when k.state <> 0 then 'not_billable' -- rule: claim_not_billable
        when k.rival_order is not null then 'duplicate_claim' -- rule: claim_duplicate
        when k.event_no is null then 'unknown_event' -- rule: claim_names_no_event
        when k.not_configured = 1 then 'unknown_event' -- rule: claim_unknown_event
        when k.lead_known = 0 and k.leads_cover = 1 then 'unknown_lead' -- rule: claim_unknown_lead
        when k.events_cover = 0 then 'uncovered_claim' -- rule: claim_uncovered
        else 'missing_event'
    end as class
from known as k
