-- One row per line of the files to be written: which row of which case stands there.
-- Left out: the text of the line (sample_text). Numbers are narrow: at ten million sales there are
-- thirty million lines. $cases: number of occurrences. $seed: any integer.
-- Rows of a file are in time order; one without a time stands where its time would put it.
-- Whole days are drawn evenly and follow a hill over the day; shorter spans are even.
with
numbered as (
    select
        r.case_no,
        c.case_id,
        c.buyer_first,
        c.buyer_size,
        c.span_from,
        c.span_seconds
    from (select range as case_no from range($cases)) as r
    asof inner join sample_case as c on r.case_no >= c.first_no
),

hashed as (
    select
        *,
        sample_high($seed, case_no) as high,
        sample_low($seed, case_no) as low
    from numbered
),

drawn as (
    select
        case_no,
        case_id,
        sample_pick(buyer_first, high, 1000, buyer_size) as buyer_no,
        high // 1000000000000 as chance,
        span_from + to_seconds(case
            when span_seconds < 172800
                then low % 100000000 * (span_seconds + 1) // 100000000
            else low % 100000000 * (span_seconds // 86400) // 100000000 * 86400
                + (low // 100000000 % 86400 + low // 10000000000000 % 86400) // 2
        end) as base_at
    from hashed
),

placed as (
    select
        d.case_no::integer as case_no,
        d.case_id::smallint as case_id,
        r.row_no::tinyint as row_no,
        s.sender_no,
        d.base_at + to_seconds(
            r.after_from + d.chance * (7 * r.row_no + 1) % (r.after_to - r.after_from + 1)
        ) as row_at
    from drawn as d
    inner join sample_row as r on d.case_id = r.case_id
    inner join sample_choice as buyer on d.buyer_no = buyer.choice_no
    inner join sample_sender as s
        on case
            when r.side <> 'claim' then r.side
            when r.buyer = 'other' then buyer.other
            else buyer.value
        end = s.sender
)

select
    *,
    (1 + row_number() over (partition by sender_no order by row_at, case_no, row_no))::integer as line_no
from placed
