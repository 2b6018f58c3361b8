-- One row per left-over claim of a stored run: what it says, and the decision, if any, that accepted by itself that its
-- event is missing and still stands. Left out: claims that have a partner.
select
    r.side || ':' || r.batch || ':' || r.line as ref,
    r.class, r.event_id, r.buyer, r.campaign_id, r.occurred_at,
    norm_key(r.transaction_id) as key,
    e4_of(r.revenue) as e4,
    case when s.said = 'accepted' and s.found_by <> 'class' and s.stale is null then t.ruling end as missing_by
from run_row as r
left join finding_state as s on r.side || ':' || r.batch || ':' || r.line = s.ref
left join thread as t on s.thread = t.thread
where r.side = 'claim' and r.rule is null
