-- One row per candidate of a run's left-over rows, where they cannot be found any more: none. Left out: all.
select
    cast(null as varchar) as side, cast(null as varchar) as file, cast(null as varchar) as batch,
    cast(null as bigint) as line, cast(null as integer) as place, cast(null as integer) as found,
    cast(null as varchar) as found_by, cast(null as integer) as points, cast(null as varchar) as differs,
    cast(null as decimal(38, 4)) as amount_apart, cast(null as bigint) as time_apart_us,
    cast(null as varchar) as own_id, cast(null as varchar) as own_event, cast(null as varchar) as own_buyer,
    cast(null as varchar) as own_campaign, cast(null as varchar) as own_currency,
    cast(null as decimal(38, 4)) as own_revenue, cast(null as varchar) as near_file,
    cast(null as varchar) as near_batch, cast(null as bigint) as near_line,
    cast(null as varchar) as near_transaction_id, cast(null as varchar) as near_id,
    cast(null as varchar) as near_event_id, cast(null as varchar) as near_buyer,
    cast(null as varchar) as near_campaign_id, cast(null as varchar) as near_currency,
    cast(null as decimal(38, 4)) as near_revenue, cast(null as timestamp) as near_occurred_at,
    cast(null as date) as near_day, cast(null as varchar) as near_status, cast(null as varchar) as near_meaning,
    cast(null as varchar) as near_left_out, cast(null as varchar) as taken_file,
    cast(null as varchar) as taken_batch, cast(null as bigint) as taken_line, cast(null as varchar) as taken_rule
where 1 = 0
