-- One row per left-over claim and one of the nearest left-over events that it fits, near in time: what a person may
-- accept as a pair. Rivals: how many more fit the claim, or the event. Left out: all but the nearest of a claim.
-- The lists are in the order of time, so that only so many rows on either side of a claim are looked at.
with place as (
    select 1 as n union all select 2 as n union all select 3 as n union all select 4 as n union all select 5 as n
),

seat as (
    select
        a.row_no, a.list_no, a.at_us,
        a.earlier + place.n as on_no,
        place.n - a.earlier as back_no
    from proposal_seat as a
    inner join place on place.n <= $proposals_kept
),

fitting as (
    select s.row_no as claim_no, e.row_no as event_no, abs(e.at_us - s.at_us) as apart
    from seat as s
    inner join proposal_stand as e on s.list_no = e.list_no and s.on_no = e.on_no and e.side = 'event'
    union all
    select s.row_no as claim_no, e.row_no as event_no, abs(s.at_us - e.at_us) as apart
    from seat as s
    inner join proposal_stand as e on s.list_no = e.list_no and s.back_no = e.back_no and e.side = 'event'
),

rivals as (
    select row_no, cast(sum(near) as bigint) - 1 as others
    from proposal_seat
    group by row_no
),

ranked as (
    select
        f.*,
        row_number() over (partition by claim_no order by apart nulls first, event_no nulls first) as nth
    from fitting as f
    where apart <= $proposal_reach -- rule: proposal_near_in_time
)

select
    c.batch as claim_batch, c.file as claim_file, c.line as claim_line,
    e.batch as event_batch, e.file as event_file, e.line as event_line,
    r.apart,
    of_claim.others as claim_rivals,
    of_event.others as event_rivals,
    r.nth
from ranked as r
inner join proposal_row as c on r.claim_no = c.row_no
inner join proposal_row as e on r.event_no = e.row_no
inner join rivals as of_claim on r.claim_no = of_claim.row_no
inner join rivals as of_event on r.event_no = of_event.row_no
where r.nth <= $proposals_kept
