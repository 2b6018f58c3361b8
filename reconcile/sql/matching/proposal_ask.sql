-- One row per row that may be proposed and list of the other side that it fits: the rows of its own buyer and of none,
-- or of all where it names none; if its own id may name a lead, only those whose ids name none.
-- Left out: nothing.
with other_side as (
    select
        row_no, group_no, at_us, buyer, names_no_lead,
        case when side = 'event' then 'claim' else 'event' end as side
    from proposal_row
),

by_buyer as (
    select
        o.*,
        case when buyer is null then 1 else 0 end as of_all,
        cast(null as varchar) as list_buyer
    from other_side as o
    union all
    select
        o.*,
        0 as of_all, -- rule: proposal_same_buyer => 1 as of_all,
        o.buyer as list_buyer
    from other_side as o
    where o.buyer is not null
)

select row_no, side, group_no, at_us, of_all, list_buyer, 1 as names_no_lead
from by_buyer
union all
select row_no, side, group_no, at_us, of_all, list_buyer, 0 as names_no_lead
from by_buyer
where names_no_lead = 1 -- rule: proposal_one_names_no_lead
