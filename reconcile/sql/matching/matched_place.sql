-- One row per clean pair of the range and period, with the places of its two rows.
-- Left out: pairs of the margin.
select
    p.event_no,
    p.rule,
    p.buyer_no,
    p.campaign_no,
    p.currency_no,
    p.revenue_e4,
    p.event_day,
    p.claim_day,
    e.file_no as event_file_no,
    e.line_no as event_line_no,
    c.file_no as claim_file_no,
    c.line_no as claim_line_no
from event_fact as e
inner join clean_pair as p on e.key_hi = p.key_hi and e.key_lo = p.key_lo and e.event_no = p.event_no
inner join claim_fact as c on p.key_hi = c.key_hi and p.key_lo = c.key_lo and p.event_no = c.event_no
where p.in_period = 1 -- rule: matched_row_of_period
