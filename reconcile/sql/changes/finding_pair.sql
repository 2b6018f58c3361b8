-- One row per finding of either of two runs: whether it is new, still open, decided or closed, and what was and is
-- at stake. Decided is one that both have and that somebody has settled. Left out: other buyers, if one is asked for.
-- The same finding has the same subject; of several, those of the same facts are the same, then the others by amount.
with before_nth as (
    select *, row_number() over (partition by subject, facts order by file, line, ref) as nth
    from finding_before
    where $buyer is null or buyer = $buyer
),

now_nth as (
    select *, row_number() over (partition by subject, facts order by file, line, ref) as nth
    from finding_fact
    where $buyer is null or buyer = $buyer
),

same as (
    select b.ref as ref_before, n.ref as ref_now
    from before_nth as b
    inner join now_nth as n on b.subject = n.subject and b.facts = n.facts and b.nth = n.nth
),

gone as (
    select *, row_number() over (partition by subject order by at_stake_e4, facts, file, line, ref) as place
    from before_nth
    where ref not in (select ref_before from same)
),

come as (
    select *, row_number() over (partition by subject order by at_stake_e4, facts, file, line, ref) as place
    from now_nth
    where ref not in (select ref_now from same)
),

paired as (
    select ref_before, ref_now
    from same
    union all
    select g.ref as ref_gone, c.ref as ref_come
    from gone as g
    full outer join come as c on g.subject = c.subject and g.place = c.place
)

select
    case
        when b.ref is null then 'new'
        when n.ref is null then 'closed'
        when s.state in ('rejected', 'ignored', 'closed') then 'decided'
        else 'still'
    end as since,
    case when n.ref is null then 'closed' else coalesce(s.state, 'open') end as state,
    coalesce(n.class, b.class) as class,
    coalesce(n.reason, b.reason) as reason,
    coalesce(n.buyer, b.buyer) as buyer,
    coalesce(n.campaign_id, b.campaign_id) as campaign_id,
    coalesce(n.transaction_id, b.transaction_id) as transaction_id,
    coalesce(n.event_id, b.event_id) as event_id,
    coalesce(n.day, b.day) as day,
    b.currency as currency_before,
    n.currency as currency_now,
    b.at_stake_e4 as at_stake_e4_before,
    n.at_stake_e4 as at_stake_e4_now,
    b.other_currency as other_currency_before,
    n.other_currency as other_currency_now,
    b.other_at_stake_e4 as other_at_stake_e4_before,
    n.other_at_stake_e4 as other_at_stake_e4_now,
    coalesce(n.file, b.file) as file,
    coalesce(n.line, b.line) as line,
    n.ref
from paired as p
left join before_nth as b on p.ref_before = b.ref
left join now_nth as n on p.ref_now = n.ref
left join finding_state as s on p.ref_now = s.ref
