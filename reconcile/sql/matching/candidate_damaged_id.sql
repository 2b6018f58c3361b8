-- One row per left-over event and claim of which one shows a damaged id that only the other's lead fits.
-- Left out: rows of different events, signs or known buyers. Two damaged ids may stand for the same lead.
with event_meant as (
    select
        e.*,
        l.odd_id as fits,
        coalesce(l.key_hi, e.key_hi) as lead_hi,
        case when l.key_hi is not null then l.key_lo else e.key_lo end as lead_lo
    from fallback_event as e
    left join damage_lead as l on e.odd_id = l.odd_id
),

claim_meant as (
    select
        c.*,
        l.odd_id as fits,
        coalesce(l.key_hi, c.key_hi) as lead_hi,
        case when l.key_hi is not null then l.key_lo else c.key_lo end as lead_lo
    from fallback_claim as c
    left join damage_lead as l on c.odd_id = l.odd_id
)

select
    e.event_order,
    c.claim_order,
    coalesce(c.fits, e.fits) as evidence
from event_meant as e
inner join claim_meant as c
    on
        e.lead_hi = c.lead_hi
        and e.lead_lo = c.lead_lo
        and e.event_no = c.event_no -- rule: damaged_same_event
        and e.negative = c.negative -- rule: damaged_same_sign
        and (e.buyer_no is null or c.buyer_no is null or e.buyer_no = c.buyer_no) -- rule: damaged_same_buyer
where
    e.fits is not null
    or c.fits is not null
