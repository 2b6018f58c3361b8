-- One row per line of a class of a pack, the largest difference first, and whether the buyer is asked about it.
-- Left out: other classes.
select p.*, a.ref is not null as asked
from pack_row as p
left join asked as a on p.finding = a.finding
where p.class = $class
order by abs(p.difference) desc nulls last, p.day nulls last, p.transaction_id nulls last, p.ref
