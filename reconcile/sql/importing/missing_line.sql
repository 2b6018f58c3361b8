-- One row per line number from $first to before $end that a Parquet file does not hold, in their order.
-- Left out: lines that it holds. Blocks of which all lines are there are not looked into.
with block as (
    select
        line_no // 4096 as place,
        count(*) as lines
    from read_parquet($path)
    group by line_no // 4096
),

numbered as (
    select unnest(range(greatest($first, b.place * 4096), least($end, (b.place + 1) * 4096))) as line_no
    from range($first // 4096, ($end - 1) // 4096 + 1) as b(place)
    left join block on b.place = block.place
    where least($end, (b.place + 1) * 4096) - greatest($first, b.place * 4096) > coalesce(block.lines, 0)
)

select numbered.line_no
from numbered
anti join read_parquet($path) as written on numbered.line_no = written.line_no
order by numbered.line_no
