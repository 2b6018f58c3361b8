-- One row per status word of leads that were not taken as claims, with their number.
-- Left out: sold leads.
select status_key(l.status) as word, cast(count(*) as bigint) as rows
from lead as l
left join sold_word as s on status_key(l.status) = s.raw
where s.raw is null
group by status_key(l.status)
