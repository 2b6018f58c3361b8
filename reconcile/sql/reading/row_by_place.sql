-- One row per row of a stored run that stands at a place: a side, a batch or file, and a line.
-- Left out: clean pairs, which a stored run keeps no row of.
select
    side || ':' || batch || ':' || line as ref, *
from run_row
where
    ($side is null or side = $side)
    and (batch = $place or file = $place or suffix(file, '/' || $place))
    and line = $line
