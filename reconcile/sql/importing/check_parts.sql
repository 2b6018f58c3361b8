-- One row per titled part of a file that has rows outside the period of its title: how many, and the
-- first of their lines. $lines, $starts, $ends: where each part begins, and its period in UTC, half open.
-- Left out: rows without a time.
with part as (
    select
        unnest($lines::bigint []) as first_line,
        unnest($starts::timestamp []) as period_from,
        unnest($ends::timestamp []) as period_to
)

select
    part.first_line,
    count(*) as row_count,
    min(r.line_no) as line_no
from checked_row as r
asof inner join part on r.line_no >= part.first_line
where r.occurred_at < part.period_from or r.occurred_at >= part.period_to
group by part.first_line
order by part.first_line
