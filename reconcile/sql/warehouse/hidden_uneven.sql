-- One row per row that newer batches hold again, where one batch holds more rows than another.
-- As many rows count as the fullest batch holds. Of an older batch those are hidden first of which a
-- newer one has the very copy, because the others are more likely to be rows of their own.
-- Left out: identities that all batches hold equally often.
with uneven as (
    select r.*
    from query_table($crowd) as r
    inner join query_table($identity) as i
        on r.id_hi = i.id_hi
        and r.id_lo = i.id_lo
    where not i.is_even
),

newer as (
    select
        id_hi,
        id_lo,
        newness,
        max(count(*)) over (
            partition by id_hi, id_lo
            order by newness desc rows between unbounded preceding and 1 preceding
        ) as n
    from uneven
    group by id_hi, id_lo, newness
),

copy as (
    select
        *,
        row_number() over (
            partition by file_no, id_hi, id_lo, revenue_e4, currency, status
            order by line_no
        ) as number
    from uneven
),

known as (
    select
        *,
        newness < max(newness) over (
            partition by id_hi, id_lo, revenue_e4, currency, status, number
        ) as is_known
    from copy
),

placed as (
    select
        *,
        row_number() over (
            partition by file_no, id_hi, id_lo
            order by is_known desc, revenue_e4, currency, status, line_no
        ) as place
    from known
)

select
    p.file_no,
    p.line_no
from placed as p
inner join newer as n
    on p.id_hi = n.id_hi
    and p.id_lo = n.id_lo
    and p.newness = n.newness
where p.place <= n.n
