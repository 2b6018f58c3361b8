-- One row per id of an event and id of a claim that are one edit apart: one character put in the place of
-- another, taken out or put in, or two neighbours swapped. Left out: ids of which no left-over row asks.
with shared as (
    select distinct e.id_no as event_id_no, c.id_no as claim_id_no
    from near_signature as e
    inner join near_signature as c on e.signature = c.signature and e.side = 'event' and c.side = 'claim'
    anti join crowded_signature as crowded on e.signature = crowded.signature
)

select e.id as event_norm, c.id as claim_norm
from shared as s
inner join near_id as e on s.event_id_no = e.id_no
inner join near_id as c on s.claim_id_no = c.id_no
where
    (e.asked = 1 or c.asked = 1)
    and e.id <> c.id
    and damerau_levenshtein(e.id, c.id) = 1
