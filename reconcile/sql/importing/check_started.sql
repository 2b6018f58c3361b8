-- One row per campaign whose first lead is known and that has rows from before it: how many, from when.
-- Left out: campaigns of which no lead is known, and rows without a campaign or a time.
with started as (
    select
        unnest($campaigns::varchar[]) as campaign_id,
        unnest($starts::timestamp[]) as first_lead
)

select
    checked_row.campaign_id,
    started.first_lead,
    count(*) as row_count,
    min(checked_row.line_no) as line_no,
    min(checked_row.occurred_at) as first_at
from checked_row
inner join started on checked_row.campaign_id = started.campaign_id
where checked_row.occurred_at < started.first_lead
group by checked_row.campaign_id, started.first_lead
order by row_count desc, checked_row.campaign_id
