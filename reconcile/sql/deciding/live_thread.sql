-- One row per decided finding that a finding of the run may be. Left out: those accepted as half of a pair that the
-- run has made. The acceptance is spent then: what the run says of the pair is another finding.
select t.*
from thread as t
left join run_accepted as a on t.ruling = a.decision and a.made
where a.decision is null
