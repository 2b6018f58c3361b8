-- One row per class of a pack: how many of its rows have anything in each column that may be left out.
-- Left out: nothing.
select
    class,
    count(finding) as finding,
    count(reason) as reason,
    count(case when our_known then our_line end) as our_amount,
    count(case when your_known then your_line end) as your_amount,
    count(your_status) as your_status,
    count(our_at) as our_time,
    count(your_at) as your_time,
    count(our_line) as our_record,
    count(your_line) as your_record,
    count(credited) as credited,
    count(note) as note
from pack_row
group by class
