-- One row: where the rows of the funnel's events and the leads went. Nothing is left out.
-- stray_leads: units that have events and no lead row; early: rows before the first row of their lead.
select
    (select count(*) from funnel_unit where entries > 0) as leads,
    (select sum(entries)::bigint from funnel_unit) as lead_rows,
    (select count(*) from funnel_row where class_no < 99) as event_rows,
    (select count(*) from funnel_row where class_no < 99 and left_out = 0) as event_rows_of_leads,
    (select count(*) from funnel_row where class_no < 99 and left_out = 1) as events_without_id,
    (select count(*) from funnel_row where class_no < 99 and left_out = 2) as events_without_time,
    (select count(*) from funnel_row where class_no < 99 and left_out = 3) as events_without_lead,
    (select count(distinct stray) from funnel_row where class_no < 99 and left_out = 3) as ids_without_lead,
    (select count(*) from funnel_row where class_no < 99 and left_out = 4) as events_of_other_campaigns,
    (select count(*) from funnel_row where class_no < 99 and left_out = 5) as events_of_unknown_campaign,
    (
        select count(*)
        from funnel_row as r
        inner join funnel_unit as u on r.lead = u.lead
        where r.class_no < 99 and r.t < u.first_at
    ) as events_before_their_lead
