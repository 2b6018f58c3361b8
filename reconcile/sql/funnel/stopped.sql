-- One row per lead that reached the step and not the next needed one. All others are left out.
select *
from funnel_kept
where level = $level
