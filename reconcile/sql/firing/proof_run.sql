-- One row per stored run of whose findings postbacks of a host were sent.
select distinct run from intent
where host = $host and run is not null and state not in ('planned', 'approved', 'cancelled')
order by run;
