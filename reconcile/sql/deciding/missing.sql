-- One row per missing event that a decision holds back from being fired: what was said, by whom and why, and
-- which facts moved since. Left out: findings on which nothing of the kind was decided.
-- An acceptance that is stale holds back, too: it was given for other facts.
select s.ref, s.said, s.stale, s.decision, s.decided_by, s.decided_at, s.decided_reason
from finding_state as s
inner join finding_kept as k on s.ref = k.ref
where s.stale is not null or (s.found_by <> 'class' and s.said not in ('open', 'accepted'))
