-- One row per row that may be proposed and list that it stands in: that of all buyers, and that of its own, which is
-- null where it names none. Numbered in each list by time: forwards from 1, and backwards up to 0, which is the first.
-- Left out: nothing.
with listed as (
    select side, group_no, 1 as of_all, cast(null as varchar) as list_buyer, names_no_lead, row_no, at_us
    from proposal_row
    union all
    select side, group_no, 0 as of_all, buyer as list_buyer, names_no_lead, row_no, at_us
    from proposal_row
)

select
    l.*,
    row_number() over (
        partition by side, group_no, of_all, list_buyer, names_no_lead order by at_us nulls first, row_no nulls first
    ) as on_no,
    row_number() over (
        partition by side, group_no, of_all, list_buyer, names_no_lead
        order by at_us desc nulls last, row_no nulls first
    )
    - count(*) over (partition by side, group_no, of_all, list_buyer, names_no_lead) as back_no
from listed as l
