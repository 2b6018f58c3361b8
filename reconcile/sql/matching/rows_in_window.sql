-- One row per side: how many rows lie in the window, how many of them have no time.
-- Left out: rows outside the window.
select side, cast(sum(rows) as bigint) as rows, cast(sum(undated) as bigint) as undated
from window_rows
group by side
