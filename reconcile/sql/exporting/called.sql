-- One row per finding that some pack calls by a name. Left out: all others.
select distinct finding
from pack_finding
where called = $called
