-- One row per finding that is shown, in the order of reading/finding.sql, and in words what came nearest to it.
-- Left out: nothing. A pair, and a row to which nothing is near, has null there.
select
    s.* exclude (sorted_by, order_text, order_number),
    near_text(n.near) as nearest,
    near_ref(n.near) as nearest_ref
from finding_shown as s
left join (
    select
        near.side,
        near.batch,
        near.line,
        near
    from run_nearest as near
    where near.place = 1
) as n on s.side = n.side and s.batch = n.batch and s.line = n.line
order by
    case when $falling then s.order_text end desc nulls last,
    case when not $falling then s.order_text end nulls last,
    case when $falling then s.order_number end desc nulls last,
    case when not $falling then s.order_number end nulls last,
    s.sorted_by desc nulls last, s.class nulls last, s.file nulls last, s.line nulls last,
    s.ref nulls last, s.finding nulls last
