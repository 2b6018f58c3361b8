-- One row per left-over row and row of the other side that name the same lead, taken or not.
-- Left out: ids of more pairs than are looked at one by one.
select
    a.row_no as asked_no,
    o.row_no as other_no,
    0 as found_no
from near_asked as a
inner join near_key as k on a.key_hi = k.key_hi and a.key_lo = k.key_lo
inner join near_row as o on a.key_hi = o.key_hi and a.key_lo = o.key_lo and a.side <> o.side
where k.pairs <= $most_pairs
