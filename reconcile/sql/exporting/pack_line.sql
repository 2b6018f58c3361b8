-- One row per line of a class of a pack, the findings of the largest difference first, and whether it is asked about.
-- Left out: other classes.
select p.*, a.ref is not null as asked
from pack_row as p
left join asked as a on p.finding = a.finding
where p.class = $class
order by
    max(abs(p.difference)) over (partition by coalesce(p.finding, p.ref)) desc, p.finding nulls last,
    p.day nulls last, p.ref
