-- One row per slice: its leads, how many have converted within the horizon, how many are younger than it, and summed
-- over its leads the share of their conversions that has come by now (ripe) with that share's deviation (doubt).
-- is_steady: young leads convert at the pace of older ones.
-- Left out: nothing; ripe is null where a young lead has no curve, neither one of its key (curve > 0) nor of all (0).
-- Deviations are summed: errors at two ages move together, so that a sum is never too small.
with counted as (
    select
        slice,
        slice_within,
        key,
        least(age_s, $horizon_s) // $bin_s as bin,
        age_s < $horizon_s as is_young,
        count(*) as leads,
        count(*) filter (where lag_s <= $horizon_s) as converted
    from funnel_lag
    group by all
),

known as (
    select distinct c.curve, c.key, coalesce(p.is_steady, true) as is_steady
    from maturity_curve as c
    left join maturity_pace as p
        on p.is_pooled = (c.curve = 0) and (p.is_pooled or p.key is not distinct from c.key)
),

aged as (
    select
        counted.*,
        coalesce(own.curve, pooled.curve) as curve,
        coalesce(own.is_steady, pooled.is_steady, true) as is_steady
    from counted
    left join known as own on own.curve > 0 and own.key is not distinct from counted.key
    left join known as pooled on pooled.curve = 0
),

shared as (
    select
        aged.*,
        case when not aged.is_young then 1 when aged.curve is not null then coalesce(at_age.share, 0) end as share,
        case when aged.is_young then coalesce(at_age.share_deviation, 0) else 0 end as deviation
    from aged
    asof left join maturity_curve as at_age on aged.curve = at_age.curve and aged.bin >= at_age.age
)

select
    slice,
    slice_within,
    cast(sum(leads) as bigint) as leads,
    cast(sum(converted) as bigint) as converted,
    cast(coalesce(sum(leads) filter (where is_young), 0) as bigint) as young,
    case when count(share) = count(*) then sum(leads * share) end as ripe,
    sum(leads * deviation) as doubt,
    coalesce(bool_and(curve > 0) filter (where is_young), false) as is_own,
    coalesce(bool_and(is_steady) filter (where is_young), true) as is_steady
from shared
group by slice, slice_within
