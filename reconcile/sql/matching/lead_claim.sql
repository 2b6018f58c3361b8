-- One row per sold lead, in the form of a claim: the lead export's own word on a conversion.
-- Left out: leads that are not marked sold; their event is the run's default event.
select
    l.file_no,
    l.line_no,
    l.source_lines,
    l.transaction_id,
    l.key_hi,
    l.key_lo,
    l.campaign_id,
    l.pid,
    l.buyer,
    l.occurred_at,
    l.revenue,
    l.revenue_e4,
    l.currency,
    l.status,
    l.external_clickid,
    l.clid,
    l.extra,
    cast(null as varchar) as event_id,
    cast(null as varchar) as reason,
    'lead' as source
from lead as l
inner join sold_word as s on status_key(l.status) = s.raw -- rule: sold_leads_only
