-- One row per kind of change and currency: how many rows of the reports it is. Left out: nothing.
select change, coalesce(currency_now, currency_before) as currency, cast(count(*) as bigint) as rows
from change
group by all
