-- One row per kind, sender and name that rows which count of some batches carry: the campaign of a lead or event,
-- the buyer of a claim. Rows, their first and last time, and when the newest of their files was made.
-- Left out: nothing. made_at is null where nobody said when a file was made; imported_at is always known.
with told as (
    select file_no, 'lead' as kind, campaign_id as name, occurred_at as happened_at
    from lead
    union all
    select file_no, 'event', campaign_id, occurred_at
    from event
    union all
    select file_no, 'claim', buyer, occurred_at
    from claim
)

select
    t.kind,
    m.sender,
    t.name,
    cast(count(*) as bigint) as rows,
    min(t.happened_at) as first_at,
    max(t.happened_at) as last_at,
    max(m.exported_at) as exported_at,
    max(m.imported_at) as imported_at
from told as t
inner join batch_made as m on t.file_no = m.file_no
group by t.kind, m.sender, t.name
order by
    case t.kind when 'lead' then 0 when 'event' then 1 else 2 end,
    m.sender nulls first,
    t.name nulls first
