-- No row: the columns of `rejected_row`, one row of which is a line that was not loaded, and why.
select
    null::integer as file_no,
    null::bigint as line_no,
    null::varchar as column_name,
    null::varchar as value,
    null::varchar as reason
where false
