-- How the cells of a plain text are cleaned: all is visible ASCII, and no cell begins or ends with a
-- blank. What needs no look is not even planned: planning is most of the cost of a small file.
create or replace macro cell(x) as x;

create or replace macro known_cell(x) as
    case
        when x >= '0' and x < ':' then x
        when upper(x) in ('NULL', 'N/A', '-', '--') then null
        else x
    end;

-- Lower case without blanks is canonical already.
create or replace macro norm_id_of(x) as
    case when lower(x) = x and not contains(x, ' ') then x else norm_key(x) end;
