-- One row per key and cohort: its leads, how many have converted within the horizon, how many are younger than it, and
-- the share of its conversions that have come by now (share, an average over its leads), with that share's deviation.
-- Left out: nothing; share is null where a young lead has no curve, neither one of its key (curve > 0) nor of all (0).
-- The deviation is averaged too: errors at two ages move together, so that it is never too small.
with counted as (
    select
        key,
        cohort,
        least(age_s, $horizon_s) // $bin_s as bin,
        age_s < $horizon_s as is_young,
        count(*) as leads,
        count(*) filter (where lag_s <= $horizon_s) as converted
    from funnel_lag
    group by all
),

known as (
    select distinct curve, key from maturity_curve
),

aged as (
    select
        counted.*,
        coalesce(own.curve, pooled.curve) as curve
    from counted
    left join known as own on own.curve > 0 and own.key is not distinct from counted.key
    left join known as pooled on pooled.curve = 0
),

shared as (
    select
        aged.*,
        case when not aged.is_young then 1 when aged.curve is not null then coalesce(at_age.share, 0) end as share,
        case when aged.is_young then at_age.share_deviation else 0 end as deviation
    from aged
    asof left join maturity_curve as at_age on aged.curve = at_age.curve and aged.bin >= at_age.age
)

select
    key,
    cohort,
    cast(sum(leads) as bigint) as leads,
    cast(sum(converted) as bigint) as converted,
    cast(coalesce(sum(leads) filter (where is_young), 0) as bigint) as young,
    any_value(curve) as curve,
    case when count(share) = count(*) then sum(leads * share) / sum(leads) end as share,
    coalesce(sum(leads * deviation), 0) / sum(leads) as deviation
from shared
group by key, cohort
order by cohort nulls first, leads desc, key nulls first
