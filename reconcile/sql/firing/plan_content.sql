-- One row per postback of a plan: what its hash is made of, in the order of the hash, and its money.
select mode, path, body, host, revenue_e4, currency from intent
where plan = $plan
order by mode, path, body;
