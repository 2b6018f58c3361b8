-- One row per place whose standard time a cell names: how many name it, how many of these in summer by
-- each form of the date, and whether others name its time in summer. Left out: lines that are no data.
with named as (
    select
        line_no,
        time_text as x,
        numbers_in(time_text) as n,
        coalesce(named_time(day_name_in(time_text)), named_time(name_day_in(time_text))) as named_at,
        numbers_in(time_text).zone
        || case when time_text < ':' then day_name_in(time_text) else name_day_in(time_text) end.zone as z
    from text_cell
    where time_text is not null and class is null
),

worded as (
    select
        *,
        coalesce(zone_place(z), summer_place(z)) as place,
        ordered_time(n, 'dmy') as dmy,
        ordered_time(n, 'mdy') as mdy,
        ordered_time(n, 'ymd') as ymd
    from named
    where z <> ''
)

select
    place,
    min(z) filter (where zone_place(z) is not null) as word,
    min(z) filter (where summer_place(z) is not null) as summer_word,
    count(*) filter (where zone_place(z) is not null) as timed,
    count(*) filter (where is_summer(dmy, z)) as dmy,
    min(line_no) filter (where is_summer(dmy, z)) as dmy_line,
    arg_min(x, line_no) filter (where is_summer(dmy, z)) as dmy_text,
    count(*) filter (where is_summer(mdy, z)) as mdy,
    min(line_no) filter (where is_summer(mdy, z)) as mdy_line,
    arg_min(x, line_no) filter (where is_summer(mdy, z)) as mdy_text,
    count(*) filter (where is_summer(ymd, z)) as ymd,
    min(line_no) filter (where is_summer(ymd, z)) as ymd_line,
    arg_min(x, line_no) filter (where is_summer(ymd, z)) as ymd_text,
    count(*) filter (where is_summer(named_at, z)) as named,
    min(line_no) filter (where is_summer(named_at, z)) as named_line,
    arg_min(x, line_no) filter (where is_summer(named_at, z)) as named_text
from worded
where place is not null
group by place
order by timed desc, place
