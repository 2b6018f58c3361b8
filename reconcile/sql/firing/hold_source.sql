-- The postbacks of one source of one campaign that were never sent, taken back.
update intent set state = 'cancelled', reason = 'inactive', changed_at = $now
where plan = $plan and state = 'approved' and campaign_id = $campaign_id and pid is $pid;
