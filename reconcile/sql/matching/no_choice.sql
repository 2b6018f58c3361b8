-- No row: the shape of the table of candidates to choose between.
-- Left out: everything.
select
    cast(null as bigint) as event_order,
    cast(null as bigint) as claim_order
where 1 = 0
