-- One row per list by time, numbered: the rows of a group and side that name one buyer, or none, or all of them; and of
-- these all whose ids name no lead, or all others. Left out: lists without a row.
with listed as (
    select side, group_no, 1 as of_all, cast(null as varchar) as list_buyer, names_no_lead
    from proposal_row
    union all
    select side, group_no, 0 as of_all, buyer as list_buyer, names_no_lead
    from proposal_row
),

list as (
    select side, group_no, of_all, list_buyer, names_no_lead
    from listed
    group by side, group_no, of_all, list_buyer, names_no_lead
)

select
    side, group_no, of_all, list_buyer, names_no_lead,
    row_number() over (
        order by
            side nulls first, group_no nulls first, of_all nulls first, list_buyer nulls first,
            names_no_lead nulls first
    ) as list_no
from list
