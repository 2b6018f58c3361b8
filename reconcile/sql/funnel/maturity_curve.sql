-- One row per curve and age at which a lead converted or was last seen: who has converted by then, as if all had been
-- watched for as long (reached), and which share that is of all who will within the horizon (share).
-- Left out: curves of too few conversions or of too few leads past the horizon.
-- Kaplan and Meier 1958 with Greenwood's variance (1926); the deviation of share follows by the delta method:
-- share = (1 - S(age)) / (1 - S(end)), where the logarithms of S grow by independent steps.
-- Curve 0 is that of all keys together. $bin_s: seconds of one age.
with counted as (
    select
        grouping(key) = 1 as is_pooled,
        key,
        age,
        sum(conversions) as conversions,
        sum(old) as old,
        sum(leads) as leads
    from maturity_told
    group by grouping sets ((key, age), (age))
),

risk as (
    select
        *,
        cast(sum(leads) over later as double) as at_risk,
        sum(conversions) over curve as all_conversions,
        sum(old) over curve as all_old,
        sum(leads) over curve as all_leads
    from counted
    window curve as (partition by is_pooled, key), later as (partition by is_pooled, key order by age desc)
),

survival as (
    select
        *,
        -- Where all who were left convert, nobody survives, and no uncertainty is left.
        case when conversions = at_risk then 0
            else exp(sum(case when conversions < at_risk then ln(1 - conversions / at_risk) end) over sooner)
        end as survived,
        sum(case when conversions < at_risk then conversions / (at_risk * (at_risk - conversions)) else 0 end)
            over sooner as variance
    from risk
    where
        all_conversions >= case when is_pooled then $pooled_least else $own_least end
        and all_old >= $old_least
        -- The one key of a funnel that is not split has the curve of all.
        and (is_pooled or all_leads < (select sum(leads) from maturity_told))
    window sooner as (partition by is_pooled, key order by age)
),

ended as (
    select *, min(survived) over curve as end_survived, max(variance) over curve as end_variance
    from survival
    window curve as (partition by is_pooled, key)
)

select
    cast(case when is_pooled then 0 else dense_rank() over (order by is_pooled desc, key nulls first) end as integer)
        as curve,
    key,
    age,
    cast(least((age + 1) * $bin_s, $horizon_s) as bigint) as age_s,
    cast(all_leads as bigint) as leads,
    cast(all_conversions as bigint) as conversions,
    1 - survived as reached,
    sqrt(variance) as log_deviation,
    (1 - survived) / (1 - end_survived) as share,
    sqrt(
        (survived - share * end_survived) ** 2 * variance + (share * end_survived) ** 2 * (end_variance - variance)
    ) / (1 - end_survived) as share_deviation
from ended
order by curve, age
