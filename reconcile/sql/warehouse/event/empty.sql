-- No row: the columns and types of the canonical event table.
select
    cast(null as integer) as file_no,
    cast(null as bigint) as line_no,
    cast(null as varchar) as source_lines,
    cast(null as varchar) as transaction_id,
    cast(null as bigint) as key_hi,
    cast(null as bigint) as key_lo,
    cast(null as varchar) as campaign_id,
    cast(null as varchar) as pid,
    cast(null as varchar) as buyer,
    cast(null as timestamp) as occurred_at,
    cast(null as decimal(18, 4)) as revenue,
    cast(null as bigint) as revenue_e4,
    cast(null as varchar) as currency,
    cast(null as varchar) as status,
    cast(null as varchar) as external_clickid,
    cast(null as varchar) as clid,
    cast(null as bigint) as row_hi,
    cast(null as bigint) as row_lo,
    cast(null as varchar) as extra,
    cast(null as varchar) as event_id
where false
