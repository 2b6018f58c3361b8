-- One row per kind of negative amount (chargeback, return, unexplained), as status and reason tell it.
-- Left out: amounts that are not negative.
select
    case
        when regexp_matches(lower(concat_ws(' ', status, reason)), 'charge ?-?back|fraud|disput') then 'chargeback'
        when regexp_matches(
                lower(concat_ws(' ', status, reason)), 'return|refund|revers|credit|cancel|claw ?-?back'
            ) then 'return'
        else 'unexplained'
    end as kind,
    count(*) as row_count,
    sum(revenue) as revenue,
    min(line_no) as line_no
from checked_row
where revenue < 0
group by kind
order by kind
