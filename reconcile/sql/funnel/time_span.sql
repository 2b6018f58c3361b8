-- One row: the first time a lead came, and the last time of a lead and of an event. Nothing is left out.
select
    (select min(occurred_at) from funnel_lead_row where in_scope) as first_lead,
    (select max(occurred_at) from funnel_lead_row where in_scope) as last_lead,
    (select max(t) from funnel_row where lead is not null) as last_event
