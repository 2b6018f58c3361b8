-- One row per lead row and row of a step: a small number for the lead, which step, and when. Other events are left out.
with id as (
    select
        transaction_id,
        row_number() over ()::integer as lead
    from read_csv($leads, types = {'created_at': 'timestamp'})
    group by transaction_id
),

line as (
    select transaction_id, 'lead' as event_id, created_at as t
    from read_csv($leads, types = {'created_at': 'timestamp'})
    union all
    select transaction_id, event_id, conversion_date
    from read_csv($events, types = {'conversion_date': 'timestamp'})
)

select
    id.lead,
    list_position(['lead', 'signup', 'call', 'sale', 'deposit'], line.event_id)::utinyint as step,
    line.t::timestamp_s as t
from line
inner join id on line.transaction_id = id.transaction_id
where line.event_id <> 'visit'
