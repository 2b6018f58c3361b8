-- One row per section of a file that has rows: the number of the mark that ends it, counted from 1, and
-- what its rows add up to. A section is what stands between two marks, $lines in rising order; rows that
-- are marks themselves belong to none, and those below the last mark to number NULL. Left out: nothing else.
with mark as (
    select
        m.line_no,
        m.place
    from (
        select
            unnest($lines::bigint []) as line_no,
            generate_subscripts($lines::bigint [], 1) as place
    ) as m
)

select
    mark.place,
    coalesce(sum(r.revenue), 0)::decimal(38, 4) as revenue
from (
    select
        line_no,
        revenue
    from checked_row
    where not list_contains($lines::bigint [], line_no)
) as r
asof left join mark on r.line_no < mark.line_no
group by mark.place
order by mark.place
