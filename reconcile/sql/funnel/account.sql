-- One row: where the rows of the funnel's events and the leads went. Nothing is left out.
-- ids_without_lead: units that have events and no lead row; early: rows before the first row of their lead.
with event_account as (
    select
        count(*) as event_rows,
        count(*) filter (where left_out = 0) as event_rows_of_leads,
        count(*) filter (where left_out = 1) as events_without_id,
        count(*) filter (where left_out = 2) as events_without_time,
        count(*) filter (where left_out = 3) as events_without_lead,
        count(distinct stray) filter (where left_out = 3) as ids_without_lead,
        count(*) filter (where left_out = 4) as events_of_other_campaigns,
        count(*) filter (where left_out = 5) as events_of_unknown_campaign,
        count(*) filter (where left_out = 0 and is_early) as events_before_their_lead,
        count(*) filter (where left_out = 0 and is_late_clock) as events_by_time_received
    from funnel_row
    where class_no < 99
)

select
    (select count(*) from funnel_unit where entries > 0) as leads,
    (select sum(entries)::bigint from funnel_unit) as lead_rows,
    (select coalesce(sum(other_currency), 0)::bigint from funnel_lead_again) as lead_rows_in_other_currency,
    e.*
from event_account as e
