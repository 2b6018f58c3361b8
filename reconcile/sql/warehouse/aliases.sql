-- One row per change of an alias, the newest of each spelling last; `counts` is 1 for the one in force.
-- Left out: nothing.
select
    a.dimension,
    a.spelling,
    a.known_name,
    a.said_by,
    a.changed_at,
    case when a.number = n.number and a.known_name is not null then 1 else 0 end as counts
from alias as a
inner join (
    select dimension, spelling, max(number) as number
    from alias
    group by dimension, spelling
) as n on a.dimension = n.dimension and a.spelling = n.spelling
order by a.dimension, a.spelling, a.number
