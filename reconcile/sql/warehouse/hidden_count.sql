-- One row per batch: how many of its rows are hidden one by one.
-- Left out: batches of which none is.
select
    file_no,
    cast(count(*) as bigint) as n
from query_table($hidden)
group by file_no
