-- One row per id, its lines added up: the first line's spelling, the earliest time, the sum of the
-- amounts, of the unmapped columns those in which all lines agree. A line without an id stays alone.
-- Lines with a fault, and those of `dispute`, stay as they are, with the reason. Left out: nothing.
with good as (
    select
        *,
        coalesce(norm_id, 'line ' || line_no || chr(30)) as sum_key
    from typed_line
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
        any_value(file_no) as file_no, min(line_no) as line_no,
        string_agg(line_no, ',' order by line_no) as source_lines,
        arg_min(transaction_id, line_no) as transaction_id,
        any_value(norm_id) as norm_id, any_value(key_hi) as key_hi, any_value(key_lo) as key_lo,
        min(occurred_at) as occurred_at,
        try_cast(sum(revenue) as decimal(18, 4)) as revenue,
        any_value(cost) as cost, any_value(ad_spend) as ad_spend,
        any_value(campaign_id) as campaign_id, any_value(pid) as pid, any_value(buyer) as buyer,
        any_value(currency) as currency, any_value(status) as status,
        any_value(external_clickid) as external_clickid, any_value(clid) as clid,
        any_value(event_id) as event_id,
        any_value(source) as source, any_value(reason) as reason,
        any_value(sub1) as sub1, any_value(sub2) as sub2, any_value(sub3) as sub3,
        any_value(sub4) as sub4, any_value(sub5) as sub5, any_value(adv1) as adv1,
        any_value(adv2) as adv2, any_value(adv3) as adv3, any_value(adv4) as adv4,
        any_value(adv5) as adv5, any_value(utm_source) as utm_source, any_value(utm_medium) as utm_medium,
        any_value(utm_campaign) as utm_campaign, any_value(utm_adgroup) as utm_adgroup,
        any_value(utm_matchtype) as utm_matchtype, any_value(utm_term) as utm_term,
        any_value(utm_content) as utm_content, any_value(utm_creative) as utm_creative,
        any_value(utm_placement) as utm_placement
    from good
    group by sum_key
)

select
    added.* exclude (sum_key),
    e4(added.revenue) as revenue_e4,
    agreed.extra::varchar as extra,
    null::struct(column_name varchar, "value" varchar, reason varchar) as fault,
    false as is_suspect, false as is_faulty, null::varchar as class
from added
left join agreed on added.sum_key = agreed.sum_key
union all by name
select
    typed_line.* replace (
        true as is_faulty,
        fault(dispute.field, typed_line.transaction_id, 'lines of one id differ, and were not added up') as fault
    )
from typed_line
inner join dispute on typed_line.line_no = dispute.line_no
union all by name
select *
from typed_line
where fault is not null
