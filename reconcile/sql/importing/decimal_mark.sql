-- One row: how the amounts of one column can be read. `point`, `comma`: those of which only this mark
-- makes an amount; `differ`: those that either does, and not the same one, as 1.234.
-- `whole`: bare numbers; `ten_thousands`: those of them that could be micros.
-- Left out: lines after the first $limit, and lines that are no data.
with part as (
    select
        line_no,
        unnest(
            case $field
                when 'revenue' then list_prepend(revenue_text, coalesce(more_text, []))
                when 'cost' then [cost_text]
                else [ad_spend_text]
            end
        ) as amount
    from text_cell
    where class is null
    limit $limit
),

read_amount as (
    select
        line_no,
        amount,
        point_amount(amount) as by_point,
        comma_amount(amount) as by_comma
    from part
    where amount is not null
)

select
    count(*) as amounts,
    count(*) filter (where by_point is not null and by_comma is null) as point,
    count(*) filter (where by_comma is not null and by_point is null) as comma,
    count(*) filter (where by_point <> by_comma) as differ,
    count(*) filter (where regexp_full_match(amount, '-?[0-9]+') and by_point <> 0) as whole,
    count(*) filter (where regexp_full_match(amount, '-?[0-9]+0000') and by_point <> 0) as ten_thousands,
    min(abs(by_point)) filter (where by_point <> 0) as smallest,
    arg_min(amount, line_no) filter (where by_point <> by_comma) as either,
    min(line_no) filter (where by_point <> by_comma) as either_line,
    arg_min(amount, line_no) filter (where by_point is not null and by_comma is null) as only_point,
    min(line_no) filter (where by_point is not null and by_comma is null) as only_point_line,
    arg_min(amount, line_no) filter (where by_comma is not null and by_point is null) as only_comma,
    min(line_no) filter (where by_comma is not null and by_point is null) as only_comma_line
from read_amount
