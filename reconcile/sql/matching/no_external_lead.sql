-- No row: the shape of the table of leads that carry an external id which a claim names.
-- Left out: everything.
select
    cast(null as bigint) as key_hi,
    cast(null as bigint) as key_lo,
    cast(null as varchar) as external
where 1 = 0
