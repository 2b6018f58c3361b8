-- One row of the lead export per lead; one of a hundred was sent again three hours later. Nothing is left out.
select
    transaction_id,
    'solar' as campaign_id,
    's' || lpad((u[11] * u[11] * 40)::integer::varchar, 2, '0') as pid,
    strftime(came + to_hours(3 * again), '%Y-%m-%dT%H:%M:%SZ') as created_at,
    case when u[12] < 0.9 then 'Sold' else 'Rejected' end as status,
    'buyer ' || (hash(i, 'buyer') % 7)::varchar as buyer,
    round(2 + 8 * u[13], 2) as cost,
    round(1 + 3 * u[14], 2) as ad_spend,
    'USD' as currency,
    'c' || (hash(i, 'sub1') % 300) as sub1,
    'k' || (hash(i, 'sub2') % 5000) as sub2,
    list_extract(['google', 'bing', 'meta', 'mail'], (1 + hash(i, 'utm') % 4)::bigint) as utm_source
from lead, range(2) as r(again)
where again = 0 or hash(i, 'again') % 100 = 0
