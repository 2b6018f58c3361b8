-- One row per slow key: whether its event may repeat for it, and whether its id is a placeholder there.
-- Left out: nothing. A row is a placeholder's when one side has too many of an event that does not repeat.
with seen as (
    select key_hi, key_lo, event_no, campaign_no
    from slow_event
    union all
    select key_hi, key_lo, event_no, first_campaign_no -- rule: repeats_by_claims_campaign => select key_hi, key_lo, event_no, cast(null as integer)
    from claim_placed
),

allowed as (
    select
        seen.key_hi,
        seen.key_lo,
        seen.event_no,
        cast(count(seen.campaign_no) as bigint) as campaigns,
        max(setting.may_repeat) as may_repeat
    from seen
    left join setting on seen.campaign_no = setting.campaign_no and seen.event_no = setting.event_no
    where seen.key_hi is not null and seen.event_no is not null
    group by seen.key_hi, seen.key_lo, seen.event_no
),

decided as (
    select
        k.*,
        case
            when a.may_repeat = 1 then 1 -- rule: repeats_by_campaign
            when a.campaigns > 0 then 0 -- rule: repeats_not_where_campaign_known
            when e.event_no is not null then 1 -- rule: repeats_where_campaign_unknown
            else 0
        end as may_repeat
    from slow_key as k
    inner join allowed as a
        on k.key_hi = a.key_hi and k.key_lo = a.key_lo and k.event_no = a.event_no
    left join event_repeats as e on k.event_no = e.event_no
)

select
    d.*,
    case
        when d.may_repeat = 1 then 1 -- rule: placeholder_does_not_repeat
        when d.events > $placeholder_limit then 0 -- rule: placeholder_of_events
        when d.claims > $placeholder_limit then 0 -- rule: placeholder_of_claims
        else 1
    end as usable
from decided as d
