-- One row per left-over event and external id that it or its lead carries.
-- Left out: ids that no left-over claim names, and those that more events left over carry than one id may have rows.
with told as (
    select event_order, external_clickid as external from fallback_event
    union all
    select event_order, clid as external from fallback_event -- rule: external_clid_of_event => select event_order, external_clickid as external from fallback_event
    union all
    select e.event_order, l.external
    from fallback_event as e
    inner join lead_external as l on e.key_hi = l.key_hi and e.key_lo = l.key_lo -- rule: external_of_events_lead => inner join lead_external as l on 1 = 0
),

wanted as (
    select external
    from claim_external
    group by external
),

named as (
    select t.event_order, t.external
    from told as t
    inner join wanted as w on t.external = w.external
    group by t.event_order, t.external
),

frequent as (
    select external
    from named
    group by external
    having count(*) > $placeholder_limit -- rule: external_on_too_many_events => having count(*) > 1000000
)

select n.event_order, n.external
from named as n
left join frequent as f on n.external = f.external
where f.external is null
