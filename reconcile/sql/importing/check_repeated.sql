-- One row: of a file in which ids stand on several lines, on how many lines the most frequent one stands,
-- how many ids stand on several, how many of these may be line items (one event, no money taken back), and
-- how many lines say the very same as a line above. Left out: nothing of said.
with per_content as (
    select
        key_hi,
        content,
        count(*) as lines,
        max(line_no) as last_line,
        any_value(event_id) as event_id,
        any_value(revenue_e4) as revenue_e4
    from said
    group by key_hi, content
),

per_id as (
    select
        sum(lines) as lines,
        count(*) > 1
        and min(event_id) is not distinct from max(event_id)
        and min(revenue_e4) >= 0 as is_itemised
    from per_content
    where key_hi is not null
    group by key_hi
)

select
    coalesce(max(lines), 0)::bigint as most,
    count(*) filter (where lines > 1) as repeated,
    count(*) filter (where is_itemised) as itemised,
    (select coalesce(sum(lines - 1), 0)::bigint from per_content) as identical,
    (select max(last_line) from per_content where lines > 1) as identical_line
from per_id
