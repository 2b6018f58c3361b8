-- One row per batch: how many of its rows are the older of just two copies.
-- Left out: batches without such rows, and identities of more than two rows.
select
    f.file_no,
    cast(count(*) as bigint) as n
from query_table($shared) as s
inner join batch_file as f on s.oldest = f.newness
where s.n = 2
group by f.file_no
