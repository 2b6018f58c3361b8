-- One row per stored lead that carries a wanted external id, or whose id a wanted damage may have been made of.
-- Left out: all others, and leads whose id names none.
with stored as (
    select
        lead_key(row_hi, key_hi) as key_hi,
        key_lo,
        external_clickid,
        clid,
        norm_key(transaction_id) as norm_id
    from lead_stored
)

select
    key_hi,
    key_lo
from stored
where
    key_hi is not null
    and (
        external_clickid in (select w.external from wanted_link as w)
        or clid in (select w.external from wanted_link as w)
        or cut_number(norm_id) in (select w.damage from wanted_link as w)
        or named_date(norm_id) in (select w.damage from wanted_link as w)
        or numbered_date(norm_id, 1) in (select w.damage from wanted_link as w)
        or numbered_date(norm_id, 2) in (select w.damage from wanted_link as w)
        or exists (select 1 from wanted_link as w where shown_number(norm_id, w.digits) = w.damage)
    )
