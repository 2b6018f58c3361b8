-- One row per id of an accepted claim that stands among the left-overs no more; null for claims without one.
-- Left out: those that no left-over claim is like, unless all are asked for.
select distinct
    key_hi(a.claim_key) as key_hi,
    key_lo(a.claim_key) as key_lo
from unmade as a
where not a.claim_is_left and ($with_all or a.decision in (select decision from like_claim))
