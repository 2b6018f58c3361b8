-- One row per attempt of a plan's postbacks, oldest first.
select attempt.*, intent.finding_ref, intent.transaction_id, intent.event_id
from attempt
inner join intent on attempt.intent = intent.id
where intent.plan = $plan
order by attempt.id;
