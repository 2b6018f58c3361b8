-- One row per id, its lines added up: the first line's spelling, the earliest time, the sum of the
-- amounts, of the unmapped columns those in which all lines agree. A line without an id stays alone.
-- Lines with a fault, and those of `dispute`, stay as they are, with the reason. Left out: nothing.
with good as (
    select
        *,
        coalesce(norm_id, 'line ' || line_no || chr(30)) as sum_key
    from typed
    anti join dispute using (line_no)
    where fault is null
),

member as (
    select
        good.sum_key,
        pair.key,
        pair.value,
        count(*) as line_count
    from good, json_each(good.extra) as pair
    group by good.sum_key, pair.key, pair.value
),

agreed as (
    select
        member.sum_key,
        map_from_entries(list({'k': member.key, 'v': member.value} order by member.key))::json as extra
    from member
    inner join (select sum_key, count(*) as line_count from good group by sum_key) as size
        on member.sum_key = size.sum_key and member.line_count = size.line_count
    group by member.sum_key
),

added as (
    select
        sum_key,
        any_value(file_no) as file_no,
        min(line_no) as line_no,
        string_agg(line_no, ',' order by line_no) as source_lines,
        arg_min(transaction_id, line_no) as transaction_id,
        any_value(norm_id) as norm_id,
        any_value(key_hi) as key_hi, any_value(key_lo) as key_lo,
        min(occurred_at) as occurred_at,
        try_cast(sum(revenue) as decimal(18, 4)) as revenue,
        any_value(cost) as cost,
        any_value(ad_spend) as ad_spend,
        any_value(campaign_id) as campaign_id,
        any_value(pid) as pid, any_value(buyer) as buyer,
        any_value(currency) as currency, any_value(status) as status,
        any_value(external_clickid) as external_clickid,
        any_value(clid) as clid,
        any_value(event_id) as event_id,
        any_value(source) as source, any_value(reason) as reason,
        any_value(lead_texts) as lead_texts
    from good
    group by sum_key
)

select
    added.* exclude (sum_key),
    e4(added.revenue) as revenue_e4,
    agreed.extra::varchar as extra,
    null::struct(column_name varchar, "value" varchar, reason varchar) as fault
from added
left join agreed on added.sum_key = agreed.sum_key
union all by name
select
    typed.* replace (
        fault(dispute.field, typed.transaction_id, 'lines of one id differ, and were not added up') as fault
    )
from typed
inner join dispute on typed.line_no = dispute.line_no
union all by name
select *
from typed
where fault is not null
