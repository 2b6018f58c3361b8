-- One row per campaign whose events are all in one currency: that currency.
-- Left out: campaigns of several currencies, and of none.
select campaign_id, min(currency) as currency
from event
where campaign_id is not null and currency is not null
group by campaign_id
having min(currency) = max(currency)
