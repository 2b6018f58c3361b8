-- One row per event and claim that a person has accepted as partners and that still stand as they were.
-- Left out: rows that an exact rule has joined, pairs of which a row moved, and those that are known to be of two
-- buyers by now. Rows of equal content are interchangeable: the first acceptance is of the first of them.
with word_of as (
    select
        a.*,
        w.word_no as event_no,
        row_number() over (
            partition by a.event_key, a.event_id, a.event_at, a.event_e4
            order by a.place nulls first
        ) as event_nth,
        row_number() over (
            partition by a.claim_key, a.event_id, a.claim_at, a.claim_e4
            order by a.place nulls first
        ) as claim_nth
    from accepted as a
    inner join word as w on a.event_id = w.word
),

event_open as (
    select
        e.event_order, e.event_no, e.norm_id, e.occurred_at, e.revenue_e4, e.negative, e.buyer_no,
        row_number() over (
            partition by e.event_no, e.norm_id, e.occurred_at, e.revenue_e4
            order by e.event_order nulls first
        ) as nth
    from event_run as e
    left join pair as p on e.event_order = p.event_order
    where p.event_order is null and e.is_conversion = 1
),

claim_open as (
    select
        c.claim_order, c.event_no, c.norm_id, c.occurred_at, c.revenue_e4, c.negative, c.buyer_no,
        row_number() over (
            partition by c.event_no, c.norm_id, c.occurred_at, c.revenue_e4
            order by c.claim_order nulls first
        ) as nth
    from claim_run as c
    left join pair as p on c.claim_order = p.claim_order
    where p.claim_order is null
)

select
    e.event_order,
    c.claim_order,
    'proposal' as rule,
    a.decision as evidence
from word_of as a
inner join event_open as e
    on
        a.event_no = e.event_no
        and a.event_key is not distinct from e.norm_id -- rule: accepted_same_event_id
        and a.event_at is not distinct from e.occurred_at -- rule: accepted_same_event_time
        and a.event_e4 is not distinct from e.revenue_e4 -- rule: accepted_same_event_amount
        and a.event_nth = e.nth
inner join claim_open as c
    on
        a.event_no = c.event_no
        and a.claim_key is not distinct from c.norm_id -- rule: accepted_same_claim_id
        and a.claim_at is not distinct from c.occurred_at -- rule: accepted_same_claim_time
        and a.claim_e4 is not distinct from c.revenue_e4 -- rule: accepted_same_claim_amount
        and a.claim_nth = c.nth
        and e.negative = c.negative
        and (e.buyer_no is null or c.buyer_no is null or e.buyer_no = c.buyer_no) -- rule: accepted_same_buyer
