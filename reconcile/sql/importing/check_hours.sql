-- One row: which hours of the day the local times of a file have, and its first lines with a time.
-- $zone: the zone they are in, or NULL for $shift, seconds east of UTC. Left out: rows without a time, and
-- all beyond $limit.
with timed as (
    select
        line_no,
        occurred_at
    from checked_row
    where occurred_at is not null
    limit $limit
),

local_hour as (
    select
        line_no,
        hour(
            case
                when $zone is null then occurred_at + to_seconds($shift)
                else timezone($zone, occurred_at at time zone 'UTC')
            end
        ) as hour_of_day
    from timed
)

select
    count(*) as timed,
    min(hour_of_day) as first_hour,
    max(hour_of_day) as last_hour,
    count(distinct hour_of_day) as hours,
    bool_or(hour_of_day = 12) and bool_or(hour_of_day <= 3) as is_around,
    list_sort(list(line_no))[:50] as lines
from local_hour
