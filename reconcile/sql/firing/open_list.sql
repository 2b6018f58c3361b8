-- One row per postback of a plan in one of these states ($states is a JSON list), with its finding.
-- Left out: those that no stored run tells of.
select run, finding_ref, transaction_id from intent
where plan = $plan and run is not null and state in (select value from json_each($states))
order by id;
