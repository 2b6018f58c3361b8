-- One row per identity that several overlapping batches hold, with how many rows in all, and the
-- oldest and newest of the batches. Left out: identities of one batch.
select
    id_hi,
    id_lo,
    cast(count(*) as bigint) as n,
    min(newness) as oldest,
    max(newness) as newest
from query_table($rows)
group by id_hi, id_lo
having min(newness) < max(newness)
