-- One row per lead, event or claim of a run whose id is one edit away from that of a left-over row: one character
-- replaced, taken out or put in, or two neighbours swapped. Left out: the row's own side, rows that are left over
-- themselves (which are looked for among all), ids of other lengths, and all but a few.
-- Ids that are one edit apart have the same head or tail: comparing those first spares nearly all the rest.
-- A case, because `and` computes all its parts for all rows: of ten millions that takes a hundred seconds, not three.
with told as (
    select 'lead' as kind, file_no, line_no, transaction_id
    from lead
    union all
    select 'event' as kind, file_no, line_no, transaction_id
    from event
    where $side = 'claim'
    union all
    select 'claim' as kind, file_no, line_no, transaction_id
    from claim
    where $side = 'event'
),

near as (
    select t.*, f.file, f.batch
    from told as t
    inner join source_file as f on t.file_no = f.file_no
    where
        case
            when length(t.transaction_id) not between length($id) - 1 and length($id) + 1 then false
            when
                starts_with(lower(t.transaction_id), left(lower($id), length($id) // 2 - 1))
                or ends_with(lower(t.transaction_id), right(lower($id), length($id) // 2 - 1))
                then damerau_levenshtein(lower(t.transaction_id), lower($id)) = 1
            else false
        end
)

select
    n.kind, n.transaction_id, n.file, n.line_no as line, n.batch,
    case when n.kind <> 'lead' then n.kind || ':' || n.batch || ':' || n.line_no end as ref
from near as n
left join run_row as r
    on n.kind = r.side and n.batch = r.batch and n.line_no = r.line and r.rule is null
where r.line is null
order by n.kind, n.transaction_id, n.file, n.line_no
limit $most
