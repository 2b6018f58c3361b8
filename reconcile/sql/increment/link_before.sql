-- One row per id and token by which it was joined, or might have been, to another id in the run before: external and
-- damaged ids, loose ids, and what a person has accepted. Left out: nothing of these.
with accepted_row as (
    select
        'decision ' || decision as token,
        case when usable_id(norm_id) then norm_id end as norm_id
    from accepted_id
)

select key_hi, key_lo, token, seeks
from prior_link
union all
select key_hi, key_lo, 'loose ' || loose_id as token, true as seeks
from prior_left
where loose_id is not null
union all
select key_hi(norm_id) as key_hi, key_lo(norm_id) as key_lo, token, true as seeks
from accepted_row
