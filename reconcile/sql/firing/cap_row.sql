-- One row per postback of a plan that was sent or may still be: what the caps count.
-- Left out: what was taken back.
select state, campaign_id, revenue_e4, currency from intent
where plan = $plan and state <> 'cancelled';
