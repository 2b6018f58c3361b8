-- One row per attempt of a plan's postbacks, newest first: the last so many, all if $count is -1.
-- Those of other plans are passed over early: the rows of a plan lie side by side, as good as always.
with newest as (
    select id
    from attempt
    where
        intent >= (select min(head.id) from intent as head where head.plan = $plan)
        and intent <= (select max(tail.id) from intent as tail where tail.plan = $plan)
        and exists (select 1 from intent as own where own.id = attempt.intent and own.plan = $plan)
    order by id desc
    limit $count
)

select attempt.*, intent.finding_ref, intent.transaction_id, intent.event_id
from newest
inner join attempt on newest.id = attempt.id
inner join intent on attempt.intent = intent.id
order by attempt.id desc;
