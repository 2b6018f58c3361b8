-- One row per line of `nearest.csv`: a left-over row and one of its candidates, the nearest first, in words.
-- Left out: left-over rows to which nothing is near.
select
    side, file, line, place, found, found_by, points, differs, near_file, near_line, near_transaction_id,
    taken_file, taken_line, near_text(near) as nearest
from (
    select
        *,
        near
    from run_nearest as near
)
order by side desc nulls last, file nulls last, line nulls last, place nulls last
