-- One row per lead that reached the needed step before an optional one, and not that. All others are left out.
select *
from funnel_kept
where
    level >= $level
    and coalesce(t2 > entered + $window, true) -- last step
