-- One row per stored lead that carries a wanted external id, or whose id a wanted damage may have been made of.
-- Left out: all others, and leads whose id names none. Most ids are told by their length or first character.
with stored as (
    select
        lead_key(row_hi, key_hi) as key_hi,
        key_lo,
        external_clickid,
        clid,
        transaction_id,
        case when $with_damage then norm_key(transaction_id) end as norm_id
    from lead_stored
)

select key_hi, key_lo, external_clickid, clid, transaction_id
from stored
where
    key_hi is not null
    and (
        external_clickid in (select w.external from wanted_token as w)
        or clid in (select w.external from wanted_token as w)
        or (
            number_digits(norm_id) is not null
            and (
                cut_number(norm_id) in (select w.damage from wanted_token as w)
                or exists (select 1 from wanted_token as w where shown_number(norm_id, w.digits) = w.damage)
            )
        )
        or (
            strlen(norm_id) < 14
            and (
                named_date(norm_id) in (select w.damage from wanted_token as w)
                or numbered_date(norm_id, 1) in (select w.damage from wanted_token as w)
                or numbered_date(norm_id, 2) in (select w.damage from wanted_token as w)
            )
        )
    )
