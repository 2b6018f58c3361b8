-- One row per stored run of which a plan holds a postback that may still go out.
select distinct run from intent
where plan = $plan and run is not null and state in ('planned', 'approved', 'retryable')
order by run;
