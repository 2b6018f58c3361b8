-- One row per postback taken now: of those never sent the first so many.
update intent
set state = 'sending', firing = $run, tries = tries + 1, sent_at = $now, changed_at = $now
where id in (
    select id from intent
    where plan = $plan and mode = $mode and state = 'approved'
    order by next_at, id
    limit $count
)
returning id, plan, campaign_id, pid, path, body, tries, next_at;
