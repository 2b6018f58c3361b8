-- One row per missing event and accepted pair that the run has not made, whose claim this one may be under another id,
-- or moved in time and amount alike: what of it is the same.
-- Left out: claims of another event, or known to be of another buyer or campaign; those of which somebody has accepted
-- since that their event is missing. Where the accepted claim still stands, only one of equal time and amount.
with compared as (
    select
        c.ref,
        a.decision,
        a.claim_is_left,
        a.was_asked,
        (a.claim_key is not distinct from c.key) as same_id,
        (a.claim_at is not distinct from c.occurred_at) as same_time,
        (a.claim_e4 is not distinct from c.e4) as same_amount,
        coalesce(microseconds_between(a.claim_at, c.occurred_at) <= $far_us, true) as is_near
    from open_claim as c
    inner join unmade as a on c.event_id = a.event_id
    where
        c.class = 'missing_event'
        and coalesce(c.buyer = a.buyer, true)
        and coalesce(c.campaign_id = a.campaign_id, true)
        and coalesce(c.missing_by <= a.decision, true)
)

select ref, decision, claim_is_left, same_id, same_time, same_amount
from compared
where
    case
        when same_id and (same_time or same_amount) then false
        when claim_is_left then was_asked and same_time and same_amount
        else same_id or same_time or (same_amount and is_near)
    end
