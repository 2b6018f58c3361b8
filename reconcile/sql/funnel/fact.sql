-- One row per lead that counts: the times of its chain if the first rows of its steps make it, their money, and the
-- attributes of the lead; is_open where a chain has to be looked for row by row. No window plays a part.
-- day is the local day of the entry. Left out: nothing; the times of open leads are none (several).
-- a: how far the chain has come; b: from when on a step counts; early: its first row comes before that. They are whole
-- microseconds meanwhile: adding intervals to times takes four times as long.
-- Trap: written as one select, each of these would hold all those before it, and grow with every step.
with w1 as (
    select
        l.* exclude (first_at),
        f.again,
        l.first_at as entered,
        microseconds_of(l.first_at) as a1,
        microseconds_of(f.m2) as m2, -- each step
        false as early1,
        coalesce(f.lead is not null, false) as has_events,
        coalesce(f.earliest < l.first_at, false) as is_skewed,
        coalesce(f.stop_at < l.first_at, false) as stop_before,
        case when f.stop_at >= l.first_at then f.stop_at end as stop_at
    from funnel_lead as l
    left join funnel_first as f on l.lead = f.lead
),

from2 as ( -- each step
    select *, case when $free then microseconds_of(entered) else a1 end + $gap_us as b2 -- each step
    from w1 -- each step
), -- each step
row2 as ( -- each step
    select -- each step
        *, -- each step
        early1 or coalesce(m2 < b2, false) as early2, -- each step
        case -- each step
            when $nth2 = 1 -- each step
                and a1 is not null -- each step
                and m2 >= b2 -- each step
                and ($within_us2 is null or m2 <= b2 - $gap_us + $within_us2) -- each step
                and (stop_at is null or m2 <= microseconds_of(stop_at)) -- each step
                then greatest(m2, a1) -- each step
        end as t2 -- each step
    from from2 -- each step
), -- each step
w2 as ( -- each step
    select *, case when $needed2 then t2 else a1 end as a2 -- each step
    from row2 -- each step
), -- each step

chain as (
    select
        *,
        (has_events and ((entries > 1 and not $first_entry_only) or $strict))
        or is_skewed
        or coalesce(again and ($repeated or stop_before or early2), false) as is_open -- last step
    from w2 -- last step
)

select
    c.* exclude (
        m2, b2, a2, early2, t2, -- each step
        entries, again, a1, early1, has_events, is_skewed, stop_before
    ),
    time_at(c.t2) as t2, -- each step
    case when c.t2 is null then null when c.again then a.r2.revenue else m.v2 end as r2, -- each step
    case when c.t2 is null then null when c.again then a.r2.currency else m.k2 end as c2, -- each step
    local_day(c.entered, case when c.entered < d.change_at then d.ahead_before else d.ahead_after end) as day
from chain as c
left join funnel_money as m on c.lead = m.lead
left join funnel_money_again as a on c.lead = a.lead
left join funnel_day as d on utc_day(c.entered) = d.utc_day
