-- One row per id that is not affected yet and shares a token with one that is, or with a row whose id names no lead:
-- a fallback rule may join or part their rows. Left out: ids that share a token which neither of them seeks by.
with reached as (
    select l.token, bool_or(l.seeks) as sought
    from link as l
    left join affected_id as a on l.key_hi = a.key_hi and l.key_lo = a.key_lo
    where l.key_hi is null or a.key_hi is not null
    group by l.token
)

select distinct l.key_hi, l.key_lo
from link as l
inner join reached as r on l.token = r.token and (l.seeks or r.sought)
anti join affected_id as a on l.key_hi = a.key_hi and l.key_lo = a.key_lo
where l.key_hi is not null
