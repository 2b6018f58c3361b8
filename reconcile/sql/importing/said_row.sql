-- One row per row that can have an equal one: what it says, as a hash of its cells, and the range that it
-- belongs to, so that equal rows and lines of one id share a range. Left out: nothing of row_that_may_repeat.
with said as (
    select
        line_no,
        key_hi,
        event_id,
        revenue_e4,
        hash(
            *columns(lambda name: name not in ('file_no', 'batch', 'file', 'line_no', 'source_lines'))
        ) as content
    from (
        select *
        from row_that_may_repeat
        union all by name
        select null::varchar as event_id
        where false
    )
)

select
    *,
    coalesce(key_hi % $ranges, (content % $ranges)::bigint) as range_no
from said
