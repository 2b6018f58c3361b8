-- One row per damaged id and known lead that fits it. Left out: ids that no lead fits.
-- A number is rounded to the digits that are shown, or cut off behind the fifteenth.
with digits as (
    select digits
    from damage_seen
    where digits is not null
    group by digits
),

known as (
    select key_hi, key_lo, norm_key(transaction_id) as norm_id
    from lead
    where key_hi is not null
),

shown as (
    select k.key_hi, k.key_lo, k.norm_id, shown_number(k.norm_id, d.digits) as damage -- rule: damage_rounded => select k.key_hi, k.key_lo, k.norm_id, cut_number(k.norm_id) as damage
    from known as k
    inner join digits as d on d.digits > 0
    union all
    select key_hi, key_lo, norm_id, cut_number(norm_id) as damage from known -- rule: damage_cut_off => select key_hi, key_lo, norm_id, named_date(norm_id) as damage from known
    union all
    select key_hi, key_lo, norm_id, named_date(norm_id) as damage from known -- rule: damage_named_month => select key_hi, key_lo, norm_id, cut_number(norm_id) as damage from known
    union all
    select key_hi, key_lo, norm_id, numbered_date(norm_id, 1) as damage from known -- rule: damage_month_first => select key_hi, key_lo, norm_id, cut_number(norm_id) as damage from known
    union all
    select key_hi, key_lo, norm_id, numbered_date(norm_id, 2) as damage from known -- rule: damage_month_second => select key_hi, key_lo, norm_id, cut_number(norm_id) as damage from known
)

select seen.odd_id, shown.key_hi, shown.key_lo, min(shown.norm_id) as lead_id
from shown
inner join damage_seen as seen on shown.damage = seen.damage
group by seen.odd_id, shown.key_hi, shown.key_lo
