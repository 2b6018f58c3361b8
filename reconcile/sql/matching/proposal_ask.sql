-- One row per row that may be proposed and list of the other side that it fits: the rows of its own buyer and of none,
-- or of all where it names none; if its own id may name a lead, only those whose ids name none.
-- Left out: lists without a row.
select r.row_no, r.at_us, l.side, l.list_no
from proposal_row as r
inner join proposal_list as l
    on
        r.group_no = l.group_no
        and r.side <> l.side
        and (r.names_no_lead = 1 or l.names_no_lead = 1) -- rule: proposal_one_names_no_lead
        and (
            (r.buyer is null and l.of_all = 1)
            or (r.buyer is not null and l.of_all = 0 and (l.list_buyer is null or l.list_buyer = r.buyer)) -- rule: proposal_same_buyer => or (r.buyer is not null and l.of_all = 1)
        )
