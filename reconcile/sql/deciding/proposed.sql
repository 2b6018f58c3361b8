-- One row per claim of a stored run whose event may be there: a pair is proposed that nobody has decided on, or a
-- person has accepted one that does not stand (decision; null else). Left out: claims of which somebody has accepted
-- that their event is missing; later than the pair, if the run has no such event. A claim that moved in time or
-- amount since is still the accepted one.
with claim as (
    select
        r.side || ':' || r.batch || ':' || r.line as ref,
        r.class, r.event_id, r.occurred_at,
        norm_key(r.transaction_id) as key,
        e4_of(r.revenue) as e4,
        case when s.said = 'accepted' and s.found_by <> 'class' and s.stale is null then t.ruling end as missing_by
    from run_row as r
    left join finding_state as s on r.side || ':' || r.batch || ':' || r.line = s.ref
    left join thread as t on s.thread = t.thread
    where r.side = 'claim' and r.rule is null
),

accepted as (
    select
        a.*,
        exists(
            select 1
            from run_row as e
            where
                e.side = 'event' and e.rule is null
                and a.event_id = e.event_id
                and norm_key(e.transaction_id) is not distinct from a.event_key
                and e.occurred_at is not distinct from a.event_at::timestamp
                and e4_of(e.revenue) is not distinct from a.event_e4
        ) as event_is_there
    from accepted_claim as a
    where a.decision not in (select decision from run_accepted where made)
),

doubtful as (
    select c.ref, a.decision
    from claim as c
    inner join accepted as a
        on
            c.event_id = a.event_id
            and c.key is not distinct from a.claim_key
            and (
                c.occurred_at is not distinct from a.claim_at::timestamp
                or c.e4 is not distinct from a.claim_e4
            )
    where
        c.class = 'missing_event'
        and (a.event_is_there or coalesce(c.missing_by <= a.decision, true))
    union all
    select c.ref, null as decision
    from claim as c
    inner join run_proposal as p on c.ref = 'claim:' || p.claim_batch || ':' || p.claim_line
    where c.missing_by is null
)

select ref, max(decision) as decision
from doubtful
group by ref
