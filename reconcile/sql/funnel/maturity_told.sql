-- One row per key and age at which a lead converted or was last seen: how many did either, and how many lived through
-- the horizon. Left out: nothing. $bin_s: seconds of one age; the last one, $bins, is the horizon.
with pair as (
    select
        key,
        coalesce(lag_s <= $horizon_s, false) as is_converted,
        age_s >= $horizon_s as is_old,
        -- Who converts in the same bin as another is last seen was still watched with him.
        case when is_converted then lag_s // $bin_s when is_old then $bins else age_s // $bin_s end as age
    from funnel_pool
)

select
    key,
    age,
    count(*) filter (where is_converted) as conversions,
    count(*) filter (where is_old) as old,
    count(*) as leads
from pair
group by key, age
