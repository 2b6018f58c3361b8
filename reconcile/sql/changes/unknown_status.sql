-- One row per status word of the buyer's claims that no table translates, with the first line that has it.
-- Left out: words that are known.
select status_key(status) as word, cast(count(*) as bigint) as rows, min(file || ' line ' || line) as place
from query_table($claims)
where status is not null and meaning is null and coalesce(revenue_e4, 0) >= 0
group by status_key(status)
order by word
