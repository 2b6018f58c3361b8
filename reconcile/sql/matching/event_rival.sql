-- One row per left-over event that has a rival: the same buyer's, or one whose buyer is unknown on either side.
-- Left out: events without a rival. A paired rival comes before an earlier one.
select
    e.event_order,
    coalesce(min(r.paired_order), min(r.first_order)) as rival_order -- rule: event_lost_to_the_paired => min(r.first_order) as rival_order
from left_event as e
inner join rival_event as r
    on
        e.key_hi = r.key_hi
        and e.key_lo = r.key_lo
        and e.event_no = r.event_no -- rule: duplicate_event_same_event
        and e.negative = r.negative -- rule: duplicate_event_same_sign
where
    (e.buyer_no is null or r.buyer_no is null or e.buyer_no = r.buyer_no) -- rule: duplicate_event_same_buyer => 1 = 1
    and (
        r.paired_order is not null -- rule: duplicate_of_paired_event => 1 = 0
        or r.first_order < e.event_order -- rule: duplicate_of_earlier_event
    )
group by e.event_order
