-- One row per postback a process took and never settled, with its open attempt.
select intent.id, intent.mode, intent.firing, attempt.id as attempt
from intent
inner join attempt on attempt.intent = intent.id and attempt.answered_at is null
where intent.state = 'sending'
order by intent.id;
