-- One row per missing event of a stored run that is an event of the funnel, with its lead: the claim is its proof.
-- Left out: findings that are not meant ($all_refs, $refs), of leads that are not in the funnel, of other campaigns,
-- and without a time.
with missing as (
    select
        *,
        side || ':' || batch || ':' || line as ref,
        key_hi(norm_key(transaction_id)) as key_hi,
        key_lo(norm_key(transaction_id)) as key_lo
    from run_row
    where class = 'missing_event' and side = 'claim'
)

select
    m.ref,
    m.event_id,
    m.transaction_id,
    m.occurred_at,
    u.lead,
    coalesce(campaign.name, m.campaign_id, u.campaign_id) as campaign_id,
    m.buyer,
    c.class_no,
    m.occurred_at as t,
    m.revenue,
    coalesce(m.currency, $currency, '') as currency,
    case $money when 'all' then true when 'first' then false else s.event_id is not null end as repeats,
    0::utinyint as left_out,
    coalesce(m.occurred_at < u.first_at, false) as is_early,
    false as is_late_clock
from missing as m
inner join funnel_class as c on m.event_id = c.event_id and c.class_no > 0
inner join funnel_unit as u on m.key_hi = u.unit_hi and m.key_lo = u.unit_lo and u.entries > 0
left join funnel_name as campaign on campaign.dimension = 'campaign' and m.campaign_id = campaign.spelling
left join funnel_setting as s
    on s.event_id = m.event_id and s.campaign_id = coalesce(campaign.name, m.campaign_id, u.campaign_id)
where
    m.occurred_at is not null
    and ($all_refs or list_contains($refs, m.ref))
    and (
        len($campaigns) = 0
        or m.campaign_id is null
        or list_contains($campaigns, coalesce(campaign.name, m.campaign_id))
    )
