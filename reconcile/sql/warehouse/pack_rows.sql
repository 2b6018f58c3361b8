-- One row per batch of a pack: how many rows it has there. Left out: nothing.
select
    batch,
    cast(count(*) as bigint) as n
from read_parquet($path)
group by batch
