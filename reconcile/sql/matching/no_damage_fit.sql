-- No row: the shape of the table of leads that a damaged id fits.
-- Left out: everything.
select
    cast(null as varchar) as odd_id,
    cast(null as bigint) as key_hi,
    cast(null as bigint) as key_lo,
    cast(null as varchar) as lead_id
where 1 = 0
