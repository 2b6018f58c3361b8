-- One row: what the staged rows of a file hold. Left out: nothing.
select
    count(*) as row_count,
    count(*) + coalesce(sum(len(string_split(source_lines, ',')) - 1), 0)::bigint as line_count,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    list_sort(list(distinct campaign_id) filter (where campaign_id is not null)) as campaigns,
    list_sort(list(distinct buyer) filter (where buyer is not null)) as buyers
from staged_row
