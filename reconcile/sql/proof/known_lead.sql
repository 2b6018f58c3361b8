-- One row per lead of a campaign, in the spelling of its export: what a sandbox takes for known.
-- Left out: leads without an id or a campaign. An id of several campaigns is of the first by name.
select transaction_id, min(campaign_id) as campaign_id
from lead
where transaction_id is not null and campaign_id is not null
group by transaction_id
