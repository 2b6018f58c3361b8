-- One row per lead: what its row at one step names, at_pid and so on; none where it did not reach the step.
-- Left out: nothing.
select
    k.*,
    a.event_id as at_event_id,
    a.campaign_id as at_campaign_id,
    a.pid as at_pid,
    a.buyer as at_buyer
from funnel_chosen as k
left join funnel_at_row as a
    on
        k.lead = a.lead
        and coalesce(k.n2, 1) = a.n -- last step
        and k.t2 <= k.entered + $window -- last step
