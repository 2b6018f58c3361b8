-- One row per lead that counts and has several rows: of each attribute the earliest row's that has one.
-- Money is the sum of the rows in the currency of the earliest; rows with money in another are counted.
-- Left out: leads with one row. Rows of one time are told apart by what they say, never by their place.
with placed as (
    select
        u.lead,
        u.entries,
        u.first_at,
        r.* exclude (n),
        row(
            r.occurred_at,
            hash(r.transaction_id, r.campaign_id, r.pid, r.buyer, r.revenue, r.cost, r.currency)
        ) as place
    from funnel_lead_row as r
    inner join funnel_unit as u on r.unit_hi = u.unit_hi and r.unit_lo = u.unit_lo
    where u.entries > 1 and r.in_scope and r.occurred_at is not null
),

first_currency as (
    select
        lead,
        arg_min(currency, place) as currency
    from placed
    group by lead
)

select
    p.lead,
    any_value(p.entries) as entries,
    any_value(p.first_at) as first_at,
    arg_min(columns(lambda name: list_contains($texts, name)), p.place),
    bool_and(p.is_denied) as is_denied,
    sum(p.revenue) filter (where p.currency = f.currency)::decimal(18, 4) as revenue,
    sum(p.cost) filter (where p.currency = f.currency)::decimal(18, 4) as cost,
    sum(p.ad_spend) filter (where p.currency = f.currency)::decimal(18, 4) as ad_spend,
    any_value(f.currency) as currency,
    count(*) filter (
        where p.currency <> f.currency and coalesce(p.revenue, p.cost, p.ad_spend) is not null
    ) as other_currency
from placed as p
inner join first_currency as f on p.lead = f.lead
group by p.lead
