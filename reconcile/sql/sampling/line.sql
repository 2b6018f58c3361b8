-- One row per line of the files to be written: which row of which case stands there.
-- `sender` is the buyer of a report, else the side: together with the side it names the file.
-- Left out: the text of the line (sample_text).
-- Rows of a file are in time order; one without a time stands where its time would put it.
with
placed as (
    select
        d.case_no,
        d.case_id,
        r.row_no,
        r.side,
        case
            when r.side <> 'claim' then r.side
            when r.buyer = 'other' then buyer.other
            else buyer.value
        end as sender,
        d.base_at + to_seconds(
            r.after_from + d.chance * (7 * r.row_no + 1) % (r.after_to - r.after_from + 1)
        ) as row_at
    from sample_draw as d
    inner join sample_row as r on d.case_id = r.case_id
    inner join sample_choice as buyer on d.buyer_no = buyer.choice_no
)

select
    case_no,
    case_id,
    row_no,
    side,
    sender,
    row_at,
    1 + row_number() over (partition by sender order by row_at, case_no, row_no) as line_no
from placed
