-- One row per data line: its cells as text, without blanks around them, NULL where nothing is said.
-- Left out: the lines of `set_apart`. The id keeps its blanks: postbacks send it as it came.
select
    line_no,
    nullif(c_transaction_id, '') as transaction_id,
    trimmed(c_campaign_id) as campaign_id,
    trimmed(c_pid) as pid,
    trimmed(c_buyer) as buyer,
    known(c_occurred_at) as time_text,
    trimmed(c_time_zone) as zone_code,
    known(c_revenue) as revenue_text,
    case when more_revenue is not null then list_transform(more_revenue, lambda x: coalesce(known(x), '')) end
        as more_text,
    upper(trimmed(c_currency)) as currency,
    trimmed(c_status) as status,
    trimmed(c_external_clickid) as external_clickid,
    trimmed(c_clid) as clid,
    trimmed(c_event_id) as event_id,
    trimmed(c_source) as source,
    trimmed(c_reason) as reason,
    known(c_cost) as cost_text,
    known(c_ad_spend) as ad_spend_text,
    case when lead_cells is not null then list_transform(lead_cells, lambda x: trimmed(x)) end as lead_texts,
    extra
from text_line
anti join set_apart using (line_no)
