-- One row per file of rows: its number, what its rows are, whose it is, its name; in order.
-- Left out: buyers without a claim.
select
    sender_no,
    side,
    sender,
    file
from sample_sender
where sender_no in (select sender_no from sample_line)
order by sender_no
