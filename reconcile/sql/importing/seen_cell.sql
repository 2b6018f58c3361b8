-- One row per data line among the first $limit: the texts of its time and amounts. Left out: lines that are
-- no data, and all other cells.
select
    line_no,
    class,
    time_text,
    revenue_text,
    more_text,
    cost_text,
    ad_spend_text
from text_cell
where class is null
limit $limit
