-- One row per row of a run whose money is in the bridge of one buyer, with the other side's row where that lies
-- in the period: what a pack may tell of it. Left out: clean pairs, rows of other buyers and of unknown ones.
-- finding is its name, that a decision would give it; difference is what it adds to the bridge. settled says what
-- leaves nothing to ask: `accepted`, so that it stands on the correction list, or `credited` in full.
with place_taken as (
    select subject, max(place) as places
    from thread
    group by subject
),

named as (
    select
        f.ref,
        coalesce(t.subject, f.subject) as subject,
        coalesce(
            t.place,
            coalesce(p.places, 0)
            + row_number() over (partition by f.subject, t.place is null order by f.file, f.line, f.ref)
        ) as place,
        coalesce(s.state, 'open') as state, s.note, s.credited_e4, t.credited_in,
        case when s.state <> 'open' then s.decided_at end as decided_at,
        case
            when
                s.state = 'accepted' and s.stale is null
                and (f.class = 'status_conflict' or (f.class = 'revenue_mismatch' and f.revenue_e4 is not null))
                then 'accepted'
            when
                coalesce(f.currency, t.credited_in) = t.credited_in
                and s.credited_e4 >= coalesce(f.at_stake_e4, 0)
                then 'credited'
        end as settled
    from finding_fact as f
    left join finding_state as s on f.ref = s.ref and s.found_by <> 'class'
    left join thread as t on s.thread = t.thread
    left join place_taken as p on f.subject = p.subject
),

own as (
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
)

select
    o.side || ':' || o.batch || ':' || o.line as ref,
    n.subject || case when n.place > 1 then '.' || n.place else '' end as finding,
    n.state, n.note, n.decided_at, n.settled,
    case when o.told_at = o.side then money_of(n.credited_e4) end as credited,
    case when o.told_at = o.side then n.credited_in end as credited_currency,
    o.side, o.class, o.reason, o.flags, o.rule, o.transaction_id, o.event_id, o.campaign_id, o.day,
    o.currency, o.bridge as difference,
    case when o.side = 'event' then o.revenue else o.other_revenue end as our_amount,
    case when o.side = 'event' then o.currency else o.other_currency end as our_currency,
    case when o.side = 'event' then o.occurred_at else o.other_at end as our_at,
    case when o.side = 'event' then o.day else o.other_day end as our_day,
    case when o.side = 'event' then o.batch else o.partner_batch end as our_batch,
    case when o.side = 'event' then o.line else o.partner_line end as our_line,
    o.side = 'event' or o.other_known as our_known,
    case when o.side = 'claim' then o.revenue else o.other_revenue end as your_amount,
    case when o.side = 'claim' then o.currency else o.other_currency end as your_currency,
    case when o.side = 'claim' then o.status else o.other_status end as your_status,
    case when o.side = 'claim' then o.occurred_at else o.other_at end as your_at,
    case when o.side = 'claim' then o.day else o.other_day end as your_day,
    case when o.side = 'claim' then o.batch else o.partner_batch end as your_batch,
    case when o.side = 'claim' then o.line else o.partner_line end as your_line,
    o.side = 'claim' or o.other_known as your_known,
    o.rival_file, o.rival_line
from own as o
left join named as n
    on n.ref = case
        when o.told_at = o.side then o.side || ':' || o.batch || ':' || o.line
        else 'claim:' || o.partner_batch || ':' || o.partner_line
    end
