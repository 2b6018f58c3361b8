-- One row: the time before which 99 in 100 events of the sample lie.
-- Left out: events after the period, and without a time. $path: the event file. $until: its end.
select quantile_disc(occurred_at, 0.99)
from read_csv($path, all_varchar = true)
where occurred_at < $until
