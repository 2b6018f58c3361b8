-- One row per finding of a run: its name, that a decision would give it, where it stands, and what is credited.
-- settled says what leaves nothing to ask: `accepted`, so that it stands on the correction list, `ours`, if it stands
-- there without, or `credited`, in full in each of its currencies. Left out: nothing.
with place_taken as (
    select subject, max(place) as places
    from thread
    group by subject
)

select
    f.ref,
    coalesce(t.subject, f.subject) as subject,
    coalesce(
        t.place,
        coalesce(p.places, 0)
        + row_number() over (partition by f.subject, t.place is null order by f.file, f.line, f.ref)
    ) as place,
    coalesce(s.state, 'open') as state, s.note, s.credits, f.currency, f.other_currency,
    case when s.state <> 'open' then s.decided_at end as decided_at,
    case
        when
            f.class in ('revenue_mismatch', 'status_conflict')
            and not_corrected(f.class, f.reason, coalesce(s.state, 'open'), s.stale, f.revenue_e4, f.partner_e4)
            is null
            then case when s.state = 'accepted' then 'accepted' else 'ours' end
        when is_credited(s.credits, f.currency, f.at_stake_e4, f.other_currency, f.other_at_stake_e4)
            then 'credited'
    end as settled
from finding_fact as f
left join finding_state as s on f.ref = s.ref and s.found_by <> 'class'
left join thread as t on s.thread = t.thread
left join place_taken as p on f.subject = p.subject
