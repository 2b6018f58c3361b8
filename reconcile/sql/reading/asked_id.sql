-- One row per id that is reconciled once more: the asked ones, and those of the run whose loose id is that of
-- an asked one, of which no exact rule has joined a row. Left out: all others, which decide nothing of these.
with joined_loosely as (
    select
        o.key_hi,
        o.key_lo
    from asked_id as a
    inner join run_left as l on a.key_hi = l.key_hi and a.key_lo = l.key_lo
    inner join run_left as o on l.loose_id = o.loose_id
)

select key_hi, key_lo from asked_id
union
select key_hi, key_lo from joined_loosely
