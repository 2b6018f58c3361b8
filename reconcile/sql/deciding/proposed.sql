-- One row per claim of a stored run for which a pair is proposed that nobody has decided on, or that was accepted
-- as one: its event is there. Left out: claims of which somebody has accepted that their event is missing.
select distinct 'claim:' || p.claim_batch || ':' || p.claim_line as ref
from run_proposal as p
inner join run_row as r on r.side = 'claim' and p.claim_batch = r.batch and p.claim_line = r.line
left join finding_state as s on 'claim:' || p.claim_batch || ':' || p.claim_line = s.ref
left join accepted_claim as a
    on
        r.event_id = a.event_id
        and norm_key(r.transaction_id) is not distinct from a.claim_key
        and r.occurred_at is not distinct from a.claim_at::timestamp
        and (r.revenue * 10000)::bigint is not distinct from a.claim_e4
where coalesce(s.said, 'open') <> 'accepted' or s.found_by = 'class' or a.event_id is not null
