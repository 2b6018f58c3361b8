-- One row: what the staged rows of a file hold that a person may want to look at before they count.
-- $until: the time of now, with a day's grace for clocks and zones. $period_from, $period_to: the
-- stated period, half open, or NULL. Left out: nothing.
select
    count(*) as row_count,
    count(revenue) as priced,
    coalesce(sum(revenue), 0)::decimal(38, 4) as revenue,
    count(*) filter (where revenue < 0) as negative,
    coalesce(sum(revenue) filter (where revenue < 0), 0)::decimal(38, 4) as negative_revenue,
    count(*) filter (where occurred_at > $until) as in_future,
    min(line_no) filter (where occurred_at > $until) as future_line,
    count(*) filter (where occurred_at < $period_from or occurred_at >= $period_to) as outside,
    min(line_no) filter (where occurred_at < $period_from or occurred_at >= $period_to) as outside_line,
    count(*) filter (where occurred_at is null) as undated
from checked_row
