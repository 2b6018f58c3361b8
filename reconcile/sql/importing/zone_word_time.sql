-- One row per line in summer whose time names a standard time: what it is in UTC if that holds all
-- year, and if the clocks of its place are meant. Left out: lines that are no data, and all but $limit.
with named as (
    select
        transaction_id as id,
        case
            when $form = 'named'
                then coalesce(named_time(day_name_in(time_text)), named_time(name_day_in(time_text)))
            else ordered_time(numbers_in(time_text), $form)
        end as local_at,
        numbers_in(time_text).zone
        || case when time_text < ':' then day_name_in(time_text) else name_day_in(time_text) end.zone as z
    from text_cell
    where time_text is not null and class is null and transaction_id is not null
)

select
    id,
    local_at - to_seconds(zone_seconds(z)) as fixed_at,
    timezone(zone_place(z), local_at) at time zone 'UTC' as place_at
from named
where zone_place(z) is not null and is_summer(local_at, z)
order by hash(id)
limit $limit
