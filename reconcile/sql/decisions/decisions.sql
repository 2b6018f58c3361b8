-- One row per decision, the newest first, with the number of the one that took it back.
-- Left out: nothing.
select
    d.*,
    coalesce(d.step, d.action) as said,
    undo.number as undone_by
from decision as d
left join decision as undo on d.number = undo.undoes
where $number is null or d.number = $number
order by d.number desc
