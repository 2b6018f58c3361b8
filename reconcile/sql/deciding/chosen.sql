-- One row per finding that passes the filters, as a decision keeps it: the place it was decided on at before,
-- else a new one among those of its subject.
-- Left out: rows that are no finding, and findings that no longer stand.
with place_taken as (
    select subject, max(place) as places
    from thread
    group by subject
)

select
    coalesce(t.subject, f.subject) as subject,
    coalesce(
        t.place,
        coalesce(p.places, 0)
        + row_number() over (partition by f.subject, t.place is null order by f.file, f.line, f.ref)
    ) as place,
    f.side, f.class, f.transaction_key, f.event_id,
    case when f.negative then 1 else 0 end as negative,
    f.transaction_id,
    strftime(f.occurred_at, '%Y-%m-%d %H:%M:%S.%f') as occurred_at,
    cast(f.day as varchar) as day,
    f.reason, f.revenue_e4, f.partner_e4, f.currency, f.status, f.buyer, f.campaign_id, f.at_stake_e4,
    f.other_at_stake_e4, f.other_currency, f.file, f.line, t.credits
from finding_kept as k
inner join finding_fact as f on k.ref = f.ref
left join finding_state as s on f.ref = s.ref and s.found_by <> 'class'
left join thread as t on s.thread = t.thread
left join place_taken as p on f.subject = p.subject
order by f.file, f.line, f.ref
