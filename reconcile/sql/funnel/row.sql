-- One row per event row: the small number of its lead, or why it is of none (left_out).
-- left_out: 1 no usable id, 2 no time, 3 no lead row, 4 its lead is of another campaign, 5 campaign unknown.
-- stray: what tells units without a lead apart. is_early: it lies before its lead; is_late_clock: it names no time of
-- its own, so that it counts when it was received. Left out: nothing.
select
    case when e.t is not null and u.entries > 0 then u.lead end as lead,
    e.class_no,
    e.t,
    e.revenue,
    e.currency,
    case $money when 'all' then true when 'first' then false else s.event_id is not null end as repeats,
    case
        when e.unit_hi is null then 1
        when e.t is null then 2
        when u.entries > 0 then 0
        when u.entries = 0 then 4
        when e.campaign is null and len($campaigns) > 0 then 5
        else 3
    end::utinyint as left_out,
    case when coalesce(u.entries, 0) = 0 then e.unit_lo end as stray,
    coalesce(e.t < u.first_at, false) as is_early,
    e.is_late_clock
from funnel_event_row as e
left join funnel_unit as u on e.unit_hi = u.unit_hi and e.unit_lo = u.unit_lo
left join funnel_setting as s on s.event_id = e.event_id and s.campaign_id = coalesce(e.campaign, u.campaign_id)
