-- One row per accepted pair that a stored run has not made, with names as the run's aliases have them: whether its
-- event and its claim are left over, and whether the run was asked for the pair. Left out: pairs that it has.
-- A claim that moved in time or amount is still the accepted one.
with named as (
    select
        a.* replace (
            coalesce(e.name, a.event_id) as event_id,
            coalesce(b.name, a.buyer) as buyer,
            coalesce(c.name, a.campaign_id) as campaign_id,
            a.claim_at::timestamp as claim_at,
            a.event_at::timestamp as event_at
        )
    from accepted_pair as a
    left join known_name as e on e.dimension = 'event' and a.event_id = e.spelling
    left join known_name as b on b.dimension = 'buyer' and a.buyer = b.spelling
    left join known_name as c on c.dimension = 'campaign' and a.campaign_id = c.spelling
)

select
    n.*,
    exists(
        select 1
        from run_row as e
        where
            e.side = 'event' and e.rule is null
            and n.event_id = e.event_id
            and norm_key(e.transaction_id) is not distinct from n.event_key
            and e.occurred_at is not distinct from n.event_at
            and e4_of(e.revenue) is not distinct from n.event_e4
    ) as event_is_left,
    exists(
        select 1
        from run_row as c
        where
            c.side = 'claim' and c.rule is null
            and n.event_id = c.event_id
            and norm_key(c.transaction_id) is not distinct from n.claim_key
            and (
                c.occurred_at is not distinct from n.claim_at
                or e4_of(c.revenue) is not distinct from n.claim_e4
            )
    ) as claim_is_left,
    n.decision in (select decision from run_accepted) as was_asked
from named as n
where n.decision not in (select decision from run_accepted where made)
