-- One row per mark that parts the numbers of dates (blank: none), over all times of a column: how many
-- fit each form, what tells the order, and between which times they lie then.
-- Left out: lines that are no data or have no time.
with part as (
    select
        line_no,
        time_text as x,
        numbers_in(time_text) as n,
        case when time_text < ':' then day_name_in(time_text) else name_day_in(time_text) end.zone as name_zone,
        digits_in(time_text) as d
    from text_cell
    where time_text is not null and class is null
),

read_time as (
    select
        line_no,
        x,
        mark_of(n) as mark,
        n.zone || name_zone || d.zone as zone,
        iso_local(x) as iso,
        iso_utc(x) is not null as is_utc,
        ordered_time(n, 'dmy') as dmy,
        ordered_time(n, 'mdy') as mdy,
        ordered_time(n, 'ymd') as ymd,
        coalesce(named_time(day_name_in(x)), named_time(name_day_in(x))) as named,
        digits_time(d) as digits,
        serial_time(x) as serial,
        regexp_extract(x, '^[0-9]{5}[.,]([0-9]+)$', 1) as serial_part,
        unix_utc(x) as unix,
        unix_ms_utc(x) as unix_ms
    from part
)

select
    mark,
    count(*) as timed,
    count(iso) as iso_local, count(*) filter (where is_utc) as iso_utc,
    count(*) filter (where regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?')) as iso_shaped,
    min(iso) as iso_from, max(iso) as iso_to, bool_and(day(iso) <= 12) as iso_is_low,
    count(dmy) as dmy, min(dmy) as dmy_from, max(dmy) as dmy_to,
    count(mdy) as mdy, min(mdy) as mdy_from, max(mdy) as mdy_to,
    count(ymd) as ymd, min(ymd) as ymd_from, max(ymd) as ymd_to,
    count(*) filter (where coalesce(dmy, mdy, ymd) is not null) as numeric,
    count(*) filter (where dmy <> mdy) as differ, arg_min(x, line_no) filter (where dmy <> mdy) as either,
    count(*) filter (where dmy = mdy) as same,
    arg_min(x, line_no) filter (where dmy is not null and mdy is null) as only_dmy,
    min(line_no) filter (where dmy is not null and mdy is null) as only_dmy_line,
    arg_min(x, line_no) filter (where mdy is not null and dmy is null) as only_mdy,
    min(line_no) filter (where mdy is not null and dmy is null) as only_mdy_line,
    count(named) as named, min(named) as named_from, max(named) as named_to,
    count(digits) as digits,
    count(serial) as excel, min(serial) as excel_from, max(serial) as excel_to,
    bool_and(day(serial) <= 12) as excel_is_low,
    max(strlen(serial_part)) as serial_digits,
    count(unix) as unix, min(unix) as unix_from, max(unix) as unix_to,
    count(unix_ms) as unix_ms, min(unix_ms) as unix_ms_from, max(unix_ms) as unix_ms_to,
    count(*) filter (where zone_seconds(zone) is not null) as zoned,
    count(*) filter (where zone = '') as zoneless,
    list_sort(list(distinct zone) filter (where zone <> ''))[:5] as zones,
    arg_min(x, line_no, 2) as seen,
    arg_min(line_no, line_no, 2) as seen_lines
from read_time
group by mark
order by timed desc, mark
