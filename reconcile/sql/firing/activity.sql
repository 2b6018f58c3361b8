-- One row per plan made, plan approved and process that fired, the newest first, $most of them.
-- Left out: deeds that are not in $deeds (JSON list).
with deed as (
    select
        made_at as at, 'plan' as deed, made_by as who, id as plan, rows as count, host, sums as more
    from plan where hash <> ''
    union all
    select approved_at, 'approval', approved_by, id, rows, host, sums
    from plan where approved_at is not null
    union all
    select r.started_at, 'firing', p.approved_by, p.id, p.rows, p.host, r.ended_by
    from run as r
    inner join plan as p on r.plan = p.id
)
select *, count(*) over () as total
from deed
where $deeds is null or deed in (select value from json_each($deeds))
order by at desc, plan desc
limit $most
