-- One row per postback taken now: of those whose waiting time is over the first so many.
update intent
set state = 'sending', firing = $run, tries = tries + 1, sent_at = $now, changed_at = $now
where id in (
    select id from intent
    where plan = $plan and mode = $mode and state = 'retryable' and next_at <= $at
    order by next_at, id
    limit $count
)
returning id, plan, campaign_id, pid, path, body, tries, next_at;
