-- One row per key, and one of all (is_pooled): whether leads younger than the horizon convert at the pace of others.
-- Each conversion is held against those that came as soon or sooner, of leads that were seen as long: whether more or
-- fewer of young leads come at each age than their part of these (Mantel and Haenszel 1959, on reversed time). Rates
-- play no part. Steady unless the deviation is beyond chance ($z_most) and larger than a tenth ($effect_most).
-- Left out: keys without conversions.
with told as (
    select
        key,
        age_s < $horizon_s as is_young,
        lag_s // $bin_s as came,
        least(age_s, $horizon_s) // $bin_s as seen,
        count(*) as n
    from funnel_pool
    where lag_s <= $horizon_s
    group by all
),

change as (
    select key, is_young, came as bin, n as came_now, n as more from told
    union all
    select key, is_young, seen + 1, 0, -n from told
),

summed as (
    select
        grouping(key) = 1 as is_pooled,
        key,
        bin,
        cast(sum(came_now) as double) as came,
        cast(coalesce(sum(came_now) filter (where is_young), 0) as double) as young_came,
        sum(more) as more,
        coalesce(sum(more) filter (where is_young), 0) as young_more
    from change
    group by grouping sets ((key, bin), (bin))
),

risk as (
    select
        *,
        cast(sum(more) over sooner as double) as n,
        sum(young_more) over sooner / nullif(sum(more) over sooner, 0) as part
    from summed
    window sooner as (partition by is_pooled, key order by bin)
),

tested as (
    select
        is_pooled,
        key,
        sum(young_came - came * part) as deviation,
        sum(came * part * (1 - part) * (n - came) / (n - 1)) as variance
    from risk
    where n > 1
    group by is_pooled, key
)

select
    is_pooled,
    key,
    coalesce(abs(deviation) <= $z_most * sqrt(variance) or abs(deviation) <= $effect_most * variance, true) as is_steady
from tested
