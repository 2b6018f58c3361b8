-- One row per point of a curve of conversions by age, the curve of all leads first, the largest of the others next.
-- Left out: ages at which nobody converted, but for the last, where the curve ends.
select curve, key, age_s, leads, conversions, reached, log_deviation, share
from maturity_curve
window line as (partition by curve order by age)
qualify reached <> coalesce(lag(reached) over line, 0) or lead(age) over line is null
order by curve > 0, conversions desc, curve, age
