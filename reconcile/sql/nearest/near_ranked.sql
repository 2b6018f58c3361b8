-- One row per left-over row and candidate that is near enough, the nearest first, at most so many.
-- Left out: rows of another lead that cost too many points; a row of the same lead is always near.
select
    *,
    row_number() over nearest_first as place,
    count(other_no) over (partition by asked_no) as found
from near_scored
where points <= $most_points or found_no in (0, 9)
window nearest_first as (
    partition by asked_no
    order by
        points, found_no, abs(amount_apart_e4) nulls last, abs(time_apart_us) nulls last, content_no
)
qualify place <= $most_places or found_no = 9
