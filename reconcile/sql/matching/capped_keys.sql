-- One row: how many ids have more rows on both sides of one event than are tried against each other.
-- Left out: ids that identify nothing.
select cast(count(*) as bigint) as keys
from key_fact
where
    usable = 1
    and events > $candidate_cap -- rule: capped_events
    and claims > $candidate_cap -- rule: capped_claims
