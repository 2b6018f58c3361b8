-- One row per decided finding that the run would show if it still stood: of its period, buyers and campaigns, and
-- of a side that it read something of, there and then. Left out: all others; that they are not there says nothing.
with known_cover as (
    select c.side, coalesce(k.name, c.name) as name
    from run_cover as c
    left join known_name as k
        on c.name = k.spelling and k.dimension = case when c.side = 'claim' then 'buyer' else 'campaign' end
),

named as (
    select *, case when side = 'claim' then seen_buyer else seen_campaign end as cover_name
    from thread
)

select thread
from named
where
    case
        when seen_at is null then period_from >= $period_from and period_to <= $period_to
        else seen_at >= $period_from and seen_at < $period_to
    end
    and (not $by_buyer or coalesce(seen_buyer in (select name from run_buyer), false))
    and (not $by_campaign or coalesce(seen_campaign in (select name from run_campaign), false))
    and (
        side in (select side from known_cover where name is null)
        or (cover_name is null and side in (select side from known_cover))
        or side || ' ' || cover_name in (select side || ' ' || name from known_cover where name is not null)
    )
