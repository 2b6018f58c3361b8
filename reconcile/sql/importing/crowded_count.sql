-- One row: on how many lines the keys stand that stand on several. Left out: keys of ranges not yet looked at.
select coalesce(sum(lines), 0)::bigint as lines
from crowded_key
