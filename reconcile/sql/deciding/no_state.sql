-- No row: what state answers where nothing was ever said of any finding, which is much quicker to ask.
-- Left out: everything.
select
    cast(null as varchar) as ref,
    cast(null as bigint) as thread,
    cast(null as varchar) as found_by,
    cast(null as varchar) as postback,
    cast(null as varchar) as state,
    cast(null as varchar) as said,
    cast(null as varchar) as assignee,
    cast(null as varchar) as note,
    cast(null as bigint) as decision,
    cast(null as varchar) as decided_by,
    cast(null as timestamp) as decided_at,
    cast(null as varchar) as decided_reason,
    cast(null as struct(currency varchar, e4 bigint) []) as credits,
    cast(null as varchar) as stale
where false
