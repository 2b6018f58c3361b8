-- One row per row that may be proposed and list that it stands in: that of all buyers, and that of its own, which is
-- null where it names none. Numbered in each list by time: forwards from 1, and backwards up to 0, which is the first.
-- Left out: nothing.
with listed as (
    select l.list_no, l.side, r.row_no, r.at_us
    from proposal_row as r
    inner join proposal_list as l
        on
            r.side = l.side
            and r.group_no = l.group_no
            and r.names_no_lead = l.names_no_lead
            and (l.of_all = 1 or r.buyer is not distinct from l.list_buyer)
)

select
    l.*,
    row_number() over (partition by list_no order by at_us nulls first, row_no nulls first) as on_no,
    row_number() over (partition by list_no order by at_us desc nulls last, row_no nulls first)
    - count(*) over (partition by list_no) as back_no
from listed as l
