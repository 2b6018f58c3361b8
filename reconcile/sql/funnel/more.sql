-- One row per lead and entry that has further rows with money: the list of them. Nothing is left out.
select
    lead,
    entered,
    list({'step': step, 't': t, 'revenue': revenue, 'currency': currency} order by t, step, revenue, currency) as more
from funnel_more_row
group by lead, entered
