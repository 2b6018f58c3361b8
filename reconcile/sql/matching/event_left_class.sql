-- One row per left-over event with the first class that applies, and what is worth knowing beside it.
-- Left out: paired events. Lead flags need an id that identifies; the spans are made of the exports' covers.
with known as (
    select
        e.*,
        case when choice.event_order is not null then 1 else 0 end as has_choice,
        r.rival_order,
        case when configured.campaign_no is not null and setting.event_no is null then 1 else 0 end as not_configured, -- rule: event_settings_not_given => case when setting.event_no is null then 1 else 0 end as not_configured,
        case when lead_span.span_from is not null then 1 else 0 end as leads_cover,
        case when claim_span.span_from is not null then 1 else 0 end as claims_cover
    from left_event as e
    left join (select event_order from choice group by event_order) as choice on e.event_order = choice.event_order
    left join event_rival as r on e.event_order = r.event_order
    left join configured on e.campaign_no = configured.campaign_no
    left join setting on e.campaign_no = setting.campaign_no and e.event_no = setting.event_no
    left join lead_span
        on
            e.campaign_no is not distinct from lead_span.word_no -- rule: lead_cover_of_event_campaign => 1 = 1
            and lead_span.span_from <= days_before(e.probe_from, $lookback_days) -- rule: lead_cover_lookback_event
            and e.probe_to < lead_span.span_to -- rule: lead_cover_up_to_event
    left join claim_span
        on
            e.buyer_no is not distinct from claim_span.word_no -- rule: claim_cover_of_buyer => 1 = 1
            and claim_span.span_from <= e.probe_from -- rule: claim_cover_from
            and e.probe_to < claim_span.span_to -- rule: claim_cover_to
)

select
    k.*,
    case
        when k.has_choice = 1 then 'ambiguous' -- rule: event_ambiguous
        when k.identified = 0 then 'unidentified' -- rule: event_unidentified
        when k.negative = 1 then 'clawback' -- rule: event_clawback
        when k.rival_order is not null then 'duplicate_event' -- rule: event_duplicate
        when k.lead_known = 0 and k.leads_cover = 1 then 'orphan_event' -- rule: event_orphan
        when k.occurred_at > days_before($watermark, $grace_days) then 'not_due_yet' -- rule: event_grace
        when k.claims_cover = 0 then 'uncovered_event' -- rule: event_uncovered
        else 'unclaimed_event'
    end as class
from known as k
