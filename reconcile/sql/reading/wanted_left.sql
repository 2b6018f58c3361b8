-- One row per id that was asked for and names no finding of the run that passes the filters.
-- Left out: ids that do.
with name as (
    select ref as id from finding_kept
    union
    select finding from finding_kept
    union
    select file || ':' || line from finding_kept
    union
    select file_name || ':' || line from finding_kept
    union
    select 'event:' || partner_batch || ':' || partner_line from finding_kept
),

named_key as (
    select distinct id_key as key from finding_kept
)

select w.id
from wanted_id as w
left join name as n on w.id = n.id
left join named_key as k on w.key = k.key
where n.id is null and k.key is null
order by w.id
