-- One row per stored run of which a plan holds a postback in one of these states (a JSON list).
select distinct run from intent
where plan = $plan and run is not null and state in (select value from json_each($states))
order by run;
