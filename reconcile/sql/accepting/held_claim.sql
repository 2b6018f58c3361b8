-- One row per claim of a stored run whose event may be there: a pair is proposed that nobody has decided on, or a
-- person has accepted one that does not stand (decision; null else), of this claim or (like) of one that it may be,
-- with what of that is the same. Left out: claims of which somebody has accepted that their event is missing; later
-- than the pair, if the run has no such event.
with doubtful as (
    select c.ref, a.decision, null as same
    from open_claim as c
    inner join unmade as a
        on
            c.event_id = a.event_id
            and c.key is not distinct from a.claim_key
            and (c.occurred_at is not distinct from a.claim_at or c.e4 is not distinct from a.claim_e4)
    where
        c.class = 'missing_event'
        and (a.event_is_left or coalesce(c.missing_by <= a.decision, true))
    union all
    select
        ref,
        decision,
        concat_ws(
            ', ',
            case when same_id then 'id' end,
            case when same_time then 'time' end,
            case when same_amount then 'amount' end
        ) as same
    from like_claim
    where claim_is_left or decision not in (select decision from claim_there)
    union all
    select c.ref, null as decision, null as same
    from open_claim as c
    inner join run_proposal as p on c.ref = 'claim:' || p.claim_batch || ':' || p.claim_line
    where c.missing_by is null
)

select ref, decision, same
from doubtful
qualify row_number() over (partition by ref order by decision is null, same is not null, decision desc) = 1
order by ref
