-- One row: where the lead rows went, as it was found when they were read. Nothing is left out.
select * from funnel_lead_account
