-- One row per length of ids that are digits alone, and one (length NULL) for all others: how many there
-- are, with which digits they begin, how many are labels with an amount (check_labels), and how many are codes
-- that a spreadsheet made a date (04-Mar).
-- Left out: rows without an id, and ids of 24 characters or more, which no spreadsheet damages unseen.
with spelled as (
    select
        trim(transaction_id) as id,
        line_no,
        revenue is not null as is_priced
    from checked_row
    where strlen(transaction_id) < 24
),

told as (
    select
        id,
        line_no,
        is_priced and names_no_lead(id) as is_label,
        regexp_full_match(id, '[0-9]+') as is_number,
        regexp_full_match(
            id, '([0-9]{1,2}-)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(-[0-9]{2})?'
        ) and contains(id, '-') as is_month
    from spelled
)

select
    case when is_number then strlen(id) end as length,
    count(*) as row_count,
    min(id) as example,
    min(line_no) as line_no,
    count(*) filter (where starts_with(id, '0')) as zeros,
    list_sort(list(distinct id[1]) filter (where is_number)) as beginnings,
    count(*) filter (where is_label) as labels,
    count(*) filter (where is_month) as months,
    arg_min(id, line_no) filter (where is_month) as month,
    min(line_no) filter (where is_month) as month_line
from told
group by case when is_number then strlen(id) end
order by row_count desc
