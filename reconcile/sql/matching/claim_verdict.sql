-- One row per claim in scope that was looked at row by row: its class, reason, flags, partner and money.
-- Left out: clean pairs, claims of the margin, and claims that are not in the run.
-- own_e4: what the row adds to its side; bridge_e4: what its finding adds to the bridge.
select
    'claim' as side,
    p.claim_file_no as file_no,
    p.claim_line_no as line_no,
    p.event_no,
    p.claim_transaction_id as transaction_id,
    p.claim_at as occurred_at,
    p.claim_e4 as revenue_e4,
    p.raw_status as status,
    case when p.event_in_period = 1 then p.class else 'timing' end as class, -- rule: claim_timing => p.class,
    case when p.event_in_period = 1 then p.reason else p.class end as reason, -- rule: claim_timing_reason => p.reason as reason,
    p.rule,
    p.evidence,
    p.event_file_no as partner_file_no,
    p.event_line_no as partner_line_no,
    p.claim_currency_no as currency_no,
    p.claim_group_buyer_no as buyer_no,
    p.claim_campaign_no as campaign_no,
    p.claim_day as day,
    p.effective_e4 as own_e4,
    case
        when p.event_in_period = 1 and p.same_currency = 1 then p.effective_e4 - coalesce(p.event_e4, 0)
        else p.effective_e4
    end as bridge_e4,
    case when p.event_in_period = 1 and p.same_currency = 1 then 1 else 0 end as shared,
    p.event_campaign_no as partner_campaign_no,
    p.event_day as partner_day,
    cast(null as bigint) as rival_file_no, cast(null as bigint) as rival_line_no,
    case when p.claim_e4 is null then 1 else 0 end as unpriced, -- rule: claim_pair_unpriced => 0 as unpriced,
    case when p.claim_day is null then 1 else 0 end as undated, -- rule: claim_pair_undated => 0 as undated,
    0 as not_conversion,
    p.repeated, -- rule: claim_flag_repeated => 0 as repeated,
    p.day_shift, -- rule: claim_flag_day_shift => 0 as day_shift,
    p.id_spelling, -- rule: claim_flag_id_spelling => 0 as id_spelling,
    0 as no_lead, 0 as lead_unverified, 0 as unknown_event, 0 as other_buyer
from pair_class as p
where p.claim_in_period = 1 -- rule: claim_verdict_of_period
union all
select
    'claim' as side,
    c.file_no,
    c.line_no,
    c.event_no,
    c.transaction_id,
    c.occurred_at,
    c.revenue_e4,
    c.raw_status as status,
    c.class,
    case
        when c.class = 'not_billable' then c.status -- rule: reason_not_billable
        when c.class = 'unknown_event' and c.event_no is null then 'none' -- rule: reason_no_event
    end as reason,
    cast(null as varchar) as rule,
    cast(null as varchar) as evidence,
    cast(null as bigint) as partner_file_no,
    cast(null as bigint) as partner_line_no,
    c.currency_no,
    c.buyer_no,
    c.campaign_no,
    c.day,
    c.effective_e4 as own_e4,
    c.effective_e4 as bridge_e4,
    0 as shared,
    cast(null as bigint) as partner_campaign_no,
    cast(null as date) as partner_day,
    rival.file_no as rival_file_no,
    rival.line_no as rival_line_no,
    case when c.revenue_e4 is null then 1 else 0 end as unpriced, -- rule: claim_left_unpriced => 0 as unpriced,
    case when c.day is null then 1 else 0 end as undated, -- rule: claim_left_undated => 0 as undated,
    0 as not_conversion, 0 as repeated, 0 as day_shift, 0 as id_spelling,
    case when c.identified = 1 and c.lead_known = 0 and c.leads_cover = 1 then 1 else 0 end as no_lead, -- rule: claim_flag_no_lead => 0 as no_lead,
    case when c.identified = 1 and c.lead_known = 0 and c.leads_cover = 0 then 1 else 0 end as lead_unverified, -- rule: claim_flag_lead_unverified => 0 as lead_unverified,
    0 as unknown_event,
    c.other_buyer -- rule: claim_flag_other_buyer => 0 as other_buyer
from claim_left_class as c
left join claim_run as rival on c.rival_order = rival.claim_order and c.class = 'duplicate_claim'
