-- One row per row of a run whose money is in the bridge of one buyer, with the other side's row where that lies
-- in the period: what a pack may tell of it. Left out: clean pairs, rows of other buyers and of unknown ones.
-- difference is what it adds to the bridge; credited is what is credited in its currency, or, at the row that the
-- finding is named by, in a currency that the finding is not in any more (more_credits: beside that).
with own as (
    select
        r.*,
        o.transaction_id as other_id, o.revenue as other_revenue, o.currency as other_currency,
        o.occurred_at as other_at, o.day as other_day, o.status as other_status, o.batch is not null as other_known,
        case when r.side = 'event' and r.rule is not null then 'claim' else r.side end as told_at
    from run_row as r
    left join run_row as o
        on r.side <> o.side and r.partner_batch = o.batch and r.partner_line = o.line
        and o.buyer is not distinct from r.buyer
    where r.buyer = $buyer and (r.side = 'claim' or r.shared = 0)
),

told as (
    select
        o.*, n.subject, n.place, n.state, n.note, n.decided_at, n.settled,
        credits_at(
            n.credits, o.currency, case when o.told_at = o.side then n.other_currency else n.currency end,
            o.told_at = o.side
        ) as credits
    from own as o
    left join named_finding as n
        on n.ref = case
            when o.told_at = o.side then o.side || ':' || o.batch || ':' || o.line
            else 'claim:' || o.partner_batch || ':' || o.partner_line
        end
)

select
    side || ':' || batch || ':' || line as ref,
    subject || case when place > 1 then '.' || place else '' end as finding,
    state, note, decided_at, settled,
    money_of(credits[1].e4) as credited, credits[1].currency as credited_currency, credits[2:] as more_credits,
    side, class, reason, flags, rule, transaction_id, event_id, campaign_id, day, currency, bridge as difference,
    case when side = 'event' then revenue else other_revenue end as our_amount,
    case when side = 'event' then currency else other_currency end as our_currency,
    case when side = 'event' then occurred_at else other_at end as our_at,
    case when side = 'event' then day else other_day end as our_day,
    case when side = 'event' then batch else partner_batch end as our_batch,
    case when side = 'event' then line else partner_line end as our_line,
    side = 'event' or other_known as our_known,
    case when side = 'claim' then revenue else other_revenue end as your_amount,
    case when side = 'claim' then currency else other_currency end as your_currency,
    case when side = 'claim' then status else other_status end as your_status,
    case when side = 'claim' then occurred_at else other_at end as your_at,
    case when side = 'claim' then day else other_day end as your_day,
    case when side = 'claim' then batch else partner_batch end as your_batch,
    case when side = 'claim' then line else partner_line end as your_line,
    side = 'claim' or other_known as your_known,
    rival_file, rival_line
from told
