-- One row per accepted pair that counts, by what its two rows say, with the buyer, campaign and id of the row that was
-- decided on. Left out: pairs whose decision was taken back, and those of the other counterpart.
select
    a.decision, a.event_id, f.buyer, f.campaign_id,
    a.claim_key, a.claim_at, a.claim_e4, a.event_key, a.event_at, a.event_e4
from accepted_match as a
inner join decision as d on a.decision = d.number
left join decision as undo on d.number = undo.undoes
left join decided_finding as f on a.decision = f.decision
where undo.number is null and d.counterpart = $counterpart
order by a.number
