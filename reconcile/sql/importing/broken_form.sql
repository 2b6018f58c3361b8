-- One row: how many rejected lines have a date that breaks the order of its column, or an amount with the
-- other decimal mark; and the first of them. Left out: all other rejected lines.
select
    count(*) filter (where starts_with(reason, 'breaks the order')) as dates,
    arg_min(value, line_no) filter (where starts_with(reason, 'breaks the order')) as date_text,
    min(line_no) filter (where starts_with(reason, 'breaks the order')) as date_line,
    count(*) filter (where starts_with(reason, 'a decimal ')) as amounts,
    arg_min(value, line_no) filter (where starts_with(reason, 'a decimal ')) as amount_text,
    min(line_no) filter (where starts_with(reason, 'a decimal ')) as amount_line
from refused_row
