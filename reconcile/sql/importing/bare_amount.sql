-- One row: of the amounts of one column how many there are, are bare numbers, and tell by themselves that
-- the decimal mark is a point. Left out: lines that are no data.
with part as (
    select
        unnest(
            case $field
                when 'revenue' then list_prepend(revenue_text, coalesce(more_text, []))
                when 'cost' then [cost_text]
                else [ad_spend_text]
            end
        ) as amount
    from text_cell
    where class is null
)

select
    count(amount) as amounts,
    count(*) filter (where regexp_full_match(amount, '-?[0-9]+([.][0-9]+)?')) as bare,
    count(*) filter (where regexp_full_match(amount, '-?[0-9]+[.]([0-9]{1,2}|[0-9]{4})|-?0[.][0-9]+')) as point
from part
