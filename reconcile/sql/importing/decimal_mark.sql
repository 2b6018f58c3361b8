-- One row: whether the amounts of one column leave open which mark is the decimal one.
-- `unclear`: some can be read as thousands or as a fraction; `is_clear`: another one tells.
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

judged as (
    select
        line_no,
        amount,
        regexp_full_match(amount, '[^0-9.,]*[1-9][0-9]{0,2}[.,][0-9]{3}[^0-9.,]*') as unclear,
        regexp_matches(amount, '[.][0-9]{1,2}([^0-9.,]|$)|[.][0-9]{4}|,[0-9]{3}[.]|[0-9]{4}[.]|(^|[^0-9])0[.]')
            as is_clear
    from part
)

select
    coalesce(bool_or(unclear), false) as unclear,
    coalesce(bool_or(is_clear), false) as is_clear,
    arg_min(amount, line_no) filter (where unclear) as example,
    min(line_no) filter (where unclear) as line_no
from judged
