-- One row per postback of a plan with the answer to its last attempt, in the order of the plan.
-- Left out: the answers' texts.
select
    intent.*,
    intent.id as no,
    attempt.status as http_status,
    attempt.answered_at
from intent
left join attempt
    on attempt.id = (
        select max(last.id) from attempt as last
        where last.intent = intent.id and last.reason <> 'withheld'
    )
where intent.plan = $plan
order by intent.id;
