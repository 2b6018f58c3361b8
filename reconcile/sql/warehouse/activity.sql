-- One row per thing that somebody did with the warehouse, the newest first, $most of them.
-- Left out: deeds that are not in $deeds (JSON list), and the hiding of a batch by its next version.
with deed as (
    select
        imported_at as at, 'import' as deed, user as who, id as ref, file as name, rows as count,
        kind as more
    from batch where replaces is null
    union all
    -- A version keeps the time of the first one, by which rows are ordered: its id has its own.
    select
        substr(id, 1, 4) || '-' || substr(id, 5, 2) || '-' || substr(id, 7, 2) || ' '
        || substr(id, 10, 2) || ':' || substr(id, 12, 2) || ':' || substr(id, 14, 2) as at,
        'remap', user, id, file, rows, kind
    from batch where replaces is not null
    union all
    select undone_at, 'undo', undone_by, id, file, rows, kind
    from batch
    where
        undone_at is not null
        and id not in (
            select later.replaces from batch as later
            where later.replaces is not null and later.undone_at is null
        )
    union all
    select
        created_at, 'run', made_by, id, params_json ->> '$.parameters.date_from', finding_count,
        params_json ->> '$.parameters.date_to'
    from run
    union all
    select
        decided_at, 'decision', decided_by, cast(number as text), coalesce(step, action), findings,
        coalesce(reason, note)
    from decision
    union all
    select changed_at, 'alias', said_by, dimension, spelling, null, known_name from alias
    union all
    -- A file of settings is one deed, however many events it names.
    select
        changed_at, 'setting', max(said_by), min(campaign_id), min(event_id), count(*),
        case when min(removed) = 1 then 'removed' end
    from event_setting group by changed_at
    union all
    select made_at, 'pack', made_by, id, buyer, null, run from pack
)
select *, count(*) over () as total
from deed
where $deeds is null or deed in (select value from json_each($deeds))
order by at desc, ref desc
limit $most
