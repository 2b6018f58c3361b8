-- One row per row of a crowd that a newer batch holds again, where the batches hold as many each.
-- Left out: identities of which one batch holds more rows than another.
select
    r.file_no,
    r.line_no
from query_table($crowd) as r
inner join query_table($identity) as i
    on r.id_hi = i.id_hi
    and r.id_lo = i.id_lo
where i.is_even and r.newness < i.newest
