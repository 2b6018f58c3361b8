-- One row per lead that was sent several times, and time of one. Leads that were sent once are left out.
select
    lead,
    t::timestamp as entered
from read_parquet($path)
where step = 1
qualify count(*) over (partition by lead) > 1
