-- One row per data line with a time, among the first ones: which ISO form the time has.
-- Left out: lines that are no data or have no time.
select
    line_no,
    time_text,
    iso_local(time_text) is not null as is_local,
    iso_utc(time_text) is not null as is_utc,
    regexp_full_match(time_text, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?') as is_shaped
from text_cell
where time_text is not null and class is null
order by line_no
