-- One row per accepted pair of a stored run's period that the run does not have although its claim found no other
-- partner: what was accepted, where its rows are now, and the left-over claims that may be its own under another id.
-- Left out: pairs whose claim is paired by now, or lies outside the run.
with may_be as (
    select decision, string_agg(ref, ' ' order by ref) as refs
    from like_claim
    group by decision
)

select
    u.decision, u.event_id, u.buyer, u.campaign_id,
    u.claim_key as claim_transaction_id, u.claim_at, money_of(u.claim_e4) as claim_revenue,
    case when u.claim_is_left then 'left over' else 'gone' end as claim_now,
    u.event_key as event_transaction_id, u.event_at, money_of(u.event_e4) as event_revenue,
    case when u.event_is_left then 'left over' else 'moved, paired or gone' end as event_now,
    m.refs as may_be
from unmade as u
left join may_be as m on u.decision = m.decision
where
    (u.claim_is_left or u.decision not in (select decision from claim_there))
    and coalesce(u.claim_at, u.event_at, $period_from) >= $period_from
    and coalesce(u.claim_at, u.event_at, $period_from) < $period_to
order by u.decision
