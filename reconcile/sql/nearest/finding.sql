-- One row per finding that is shown, the largest amount at stake first, and in words what came nearest to it.
-- Left out: nothing. A pair, and a row to which nothing is near, has null there.
select
    s.* exclude (sorted_by),
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
    s.sorted_by desc nulls last, s.class nulls last, s.file nulls last, s.line nulls last
