-- One row per slice: its leads, how many reached each step, and how many are younger than the window.
-- Left out: nothing.
select
    columns(lambda name: name = $by_first) as slice,
    columns(lambda name: name = $by_second) as slice_within,
    count(*) as n1,
    count(*) filter (where t2 <= entered + $window) as n2, -- each step
    count(*) filter (where $bounded and entered + $window > $as_of) as young
from funnel_kept
group by all
