-- One row per row and list of the other side that it fits: how many of the list lie before it in time, and how many are
-- near enough. Left out: nothing.
-- Each row takes three seats among those of the list, of which only the rows before it are counted: before whatever is
-- of its own time, before whatever is near, and behind that.
with seated as (
    select list_no, row_no, at_us, 'row' as seat, 1 as tie
    from proposal_stand
    union all
    select list_no, row_no, at_us, 'own' as seat, 0 as tie
    from proposal_ask
    union all
    select
        list_no, row_no,
        at_us - $proposal_reach as at_us, -- rule: proposal_near_before => at_us - 2 * $proposal_reach as at_us,
        'first' as seat,
        0 as tie
    from proposal_ask
    union all
    select
        list_no, row_no,
        at_us + $proposal_reach as at_us, -- rule: proposal_near_after => at_us + 2 * $proposal_reach as at_us,
        'last' as seat,
        2 as tie
    from proposal_ask
),

counted as (
    select
        s.*,
        row_number() over (
            partition by list_no
            order by at_us nulls first, tie nulls first, row_no nulls first
        )
        - row_number() over (
            partition by list_no, case when seat = 'row' then 1 else 0 end
            order by at_us nulls first, tie nulls first, row_no nulls first
        ) as ahead
    from seated as s
)

select
    row_no, list_no,
    max(case when seat = 'own' then at_us end) as at_us,
    max(case when seat = 'own' then ahead end) as earlier,
    max(case when seat = 'last' then ahead end) - max(case when seat = 'first' then ahead end) as near
from counted
where seat <> 'row'
group by row_no, list_no
