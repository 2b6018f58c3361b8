-- One row per postback of a plan that may still go out, with its finding.
-- Left out: those that no stored run tells of.
select run, finding_ref, transaction_id from intent
where plan = $plan and run is not null and state in ('planned', 'approved', 'retryable')
order by id;
