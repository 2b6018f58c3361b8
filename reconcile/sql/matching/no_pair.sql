-- No row: the shape of the table of pairs.
-- Left out: everything.
select
    cast(null as bigint) as event_order,
    cast(null as bigint) as claim_order,
    cast(null as varchar) as rule,
    cast(null as varchar) as evidence
where 1 = 0
