-- One row per event in scope that was looked at row by row: its class, reason, flags, partner and money.
-- Left out: clean pairs, events of the margin, and events that are not reconciled.
-- own_e4: what the row adds to its side; bridge_e4: what its finding adds to the bridge.
select
    'event' as side,
    p.event_file_no as file_no,
    p.event_line_no as line_no,
    p.event_no,
    p.event_transaction_id as transaction_id,
    p.event_at as occurred_at,
    p.event_e4 as revenue_e4,
    cast(null as varchar) as status,
    case when p.claim_in_period = 1 then p.class else 'timing' end as class, -- rule: event_timing => p.class,
    case when p.claim_in_period = 1 then p.reason else p.class end as reason, -- rule: event_timing_reason => p.reason as reason,
    p.rule,
    p.evidence,
    p.claim_file_no as partner_file_no,
    p.claim_line_no as partner_line_no,
    p.event_currency_no as currency_no,
    p.event_group_buyer_no as buyer_no,
    p.event_campaign_no as campaign_no,
    p.event_day as day,
    coalesce(p.event_e4, 0) as own_e4,
    case
        when p.claim_in_period = 1 and p.same_currency = 1 then p.effective_e4 - coalesce(p.event_e4, 0)
        else -coalesce(p.event_e4, 0)
    end as bridge_e4,
    case when p.claim_in_period = 1 and p.same_currency = 1 then 1 else 0 end as shared,
    p.claim_campaign_no as partner_campaign_no,
    p.claim_day as partner_day,
    cast(null as bigint) as rival_file_no, cast(null as bigint) as rival_line_no,
    case when p.event_e4 is null then 1 else 0 end as unpriced, -- rule: event_pair_unpriced => 0 as unpriced,
    case when p.event_day is null then 1 else 0 end as undated, -- rule: event_pair_undated => 0 as undated,
    case when p.is_conversion = 0 then 1 else 0 end as not_conversion, -- rule: flag_not_conversion => 0 as not_conversion,
    p.repeated, -- rule: event_flag_repeated => 0 as repeated,
    p.day_shift, -- rule: event_flag_day_shift => 0 as day_shift,
    p.id_spelling, -- rule: event_flag_id_spelling => 0 as id_spelling,
    0 as no_lead, 0 as lead_unverified, 0 as unknown_event, 0 as other_buyer
from pair_class as p
where p.event_in_period = 1 -- rule: event_verdict_of_period
union all
select
    'event' as side,
    e.file_no,
    e.line_no,
    e.event_no,
    e.transaction_id,
    e.occurred_at,
    e.revenue_e4,
    cast(null as varchar) as status,
    e.class,
    case when e.class = 'not_due_yet' then 'grace' end as reason, -- rule: reason_grace => null as reason,
    cast(null as varchar) as rule,
    cast(null as varchar) as evidence,
    cast(null as bigint) as partner_file_no,
    cast(null as bigint) as partner_line_no,
    e.currency_no,
    e.buyer_no,
    e.campaign_no,
    e.day,
    coalesce(e.revenue_e4, 0) as own_e4,
    -coalesce(e.revenue_e4, 0) as bridge_e4,
    0 as shared,
    cast(null as bigint) as partner_campaign_no,
    cast(null as date) as partner_day,
    rival.file_no as rival_file_no,
    rival.line_no as rival_line_no,
    case when e.revenue_e4 is null then 1 else 0 end as unpriced, -- rule: event_left_unpriced => 0 as unpriced,
    case when e.day is null then 1 else 0 end as undated, -- rule: event_left_undated => 0 as undated,
    0 as not_conversion, 0 as repeated, 0 as day_shift, 0 as id_spelling,
    case when e.identified = 1 and e.lead_known = 0 and e.leads_cover = 1 then 1 else 0 end as no_lead, -- rule: event_flag_no_lead => 0 as no_lead,
    case when e.identified = 1 and e.lead_known = 0 and e.leads_cover = 0 then 1 else 0 end as lead_unverified, -- rule: event_flag_lead_unverified => 0 as lead_unverified,
    e.not_configured as unknown_event, -- rule: event_flag_unknown_event => 0 as unknown_event,
    e.other_buyer -- rule: event_flag_other_buyer => 0 as other_buyer
from event_left_class as e
left join event_run as rival on e.rival_order = rival.event_order and e.class = 'duplicate_event'
