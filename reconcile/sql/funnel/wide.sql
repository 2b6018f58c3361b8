-- One row per lead: the times of its chain if the first rows of its steps make it, and is_open where a chain
-- has to be looked for row by row (funnel.md, section 4). Left out: nothing.
-- a: how far the chain has come; b: from when on a step counts; late: its first row comes before that.
-- Trap: written as one select, each of these would hold all those before it, and grow with every step.
with w1 as (
    select
        f.* exclude (lead, stop_at),
        u.lead,
        u.entries,
        u.first_at as entered,
        u.first_at as a1,
        false as early1,
        coalesce(f.lead is not null, false) as has_events,
        coalesce(f.stop_at < u.first_at, false) as stop_before,
        case when f.stop_at >= u.first_at then f.stop_at end as stop_at
    from funnel_unit as u
    left join funnel_first as f on u.lead = f.lead
    where u.entries > 0
),

from2 as ( -- each step
    select *, case when $free then entered else a1 end + $gap as b2 -- each step
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
                and m2 <= b2 - $gap + $within2 -- each step
                and m2 <= coalesce(stop_at, m2) -- each step
                then greatest(m2, a1) -- each step
        end as t2 -- each step
    from from2 -- each step
), -- each step
w2 as ( -- each step
    select *, case when $needed2 then t2 else a1 end as a2 -- each step
    from row2 -- each step
), -- each step

chain as (
    select * from w2 -- last step
)

select
    lead,
    entered,
    stop_at,
    t2, -- each step
    (has_events and ((entries > 1 and not $first_entry_only) or $strict))
    or ($skewed and coalesce(earliest < entered, false))
    or coalesce(again and ($repeated or stop_before or early2), false) as is_open -- last step
from chain
