-- One row per lead that lies in memory and token that it carries: its external ids, and what a spreadsheet may have
-- made of its id, as far as a row shows such damage. Left out: leads whose id names none.
with digits as (
    select damage_digits(token) as digits
    from link
    where starts_with(token, 'number ')
    group by digits
),

known as (
    select key_hi, key_lo, external_clickid, clid, norm_key(transaction_id) as norm_id
    from lead_held
    where key_hi is not null
),

carried as (
    select key_hi, key_lo, 'external ' || external_clickid as token from known
    union all
    select key_hi, key_lo, 'external ' || clid as token from known
    union all
    select k.key_hi, k.key_lo, shown_number(k.norm_id, d.digits) as token
    from known as k
    inner join digits as d on d.digits > 0
    union all
    select key_hi, key_lo, cut_number(norm_id) as token from known
    union all
    select key_hi, key_lo, named_date(norm_id) as token from known
    union all
    select key_hi, key_lo, numbered_date(norm_id, 1) as token from known
    union all
    select key_hi, key_lo, numbered_date(norm_id, 2) as token from known
)

select key_hi, key_lo, token, false as seeks
from carried
where token in (select l.token from link as l where l.seeks)
group by key_hi, key_lo, token
