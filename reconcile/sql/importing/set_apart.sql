-- One row per line below the header that is no data: blank, header again, or a total.
-- Left out: data. A total names no lead (its id is blank, the word itself, or a count behind it) and
-- holds a word for total, so that a buyer called Total loses no row. The first condition is cheap
-- and lets through whatever begins with a blank, or has a time that begins with no digit.
with suspect as (
    select
        line_no,
        list_transform(cells, lambda x: coalesce(trimmed(x), '')) as texts,
        coalesce(trimmed(c_transaction_id), '') as id
    from text_line
    where
        not $has_time
        or c_transaction_id is null
        or c_transaction_id < '!'
        or c_transaction_id = $id_header
        or (strlen(c_transaction_id) < 16 and is_total(c_transaction_id))
        or c_occurred_at is null
        or c_occurred_at < '0'
        or c_occurred_at >= ':'
),

named as (
    select
        *,
        list_filter(texts, lambda x: x <> '') as filled
    from suspect
),

classed as (
    select
        line_no,
        case
            when len(filled) = 0 then 'blank'
            when texts = $headers then 'repeated_header'
            when id = '' and len(list_filter(filled, lambda x: is_total(x))) > 0 then 'total'
            when is_total(id) then 'total'
            when is_total(filled[1]) and regexp_full_match(id, '[0-9]{1,7}') then 'total'
        end as class
    from named
)

select line_no, class
from classed
where class is not null
