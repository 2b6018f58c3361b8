-- One row per line of another width than the header. Left out: nothing.
select
    $file_no::integer as file_no,
    line_no,
    null::varchar as column_name,
    value,
    reason
from short_line
