-- One row per id and token of the rows that came or went. Left out: rows without such a token.
-- An id need not be odd to be looked at as damaged: which of them are, only the verdicts tell.
with named as (
    select key_hi, key_lo, transaction_id, external_clickid, clid, false as names_lead
    from event_held
    union all
    select key_hi, key_lo, transaction_id, external_clickid, clid, true as names_lead
    from claim_held
    union all
    select key_hi, key_lo, transaction_id, external_clickid, clid, true as names_lead
    from lead_held
    where $leads_are_claims
),

normal as (
    select *, norm_key(transaction_id) as norm_id
    from named
),

link as (
    select key_hi, key_lo, 'external ' || external_clickid as token, names_lead as seeks
    from normal
    union all
    select key_hi, key_lo, 'external ' || clid as token, names_lead as seeks
    from normal
    union all
    select key_hi, key_lo, damage_of(norm_id) as token, true as seeks
    from normal
    where may_be_damaged(norm_id)
    union all
    select key_hi, key_lo, 'loose ' || loose_key(norm_id) as token, true as seeks
    from normal
    where key_hi is not null
)

select key_hi, key_lo, token, bool_or(seeks) as seeks
from link
where token is not null
group by key_hi, key_lo, token
