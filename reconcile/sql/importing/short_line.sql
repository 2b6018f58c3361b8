-- One row per line that was not even typed, as one of another width than the header. Left out: nothing.
select
    $file_no::integer as file_no,
    line_no,
    column_name,
    value,
    reason
from short_line
