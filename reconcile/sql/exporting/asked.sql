-- One row per finding that the buyer is asked about: its ref, its name in every run, and what was decided on it.
-- Left out: classes that ask nothing of a buyer, what was decided against, accepted for correction or
-- credited in full, what is settled otherwise, and the second line of a pair in two currencies, which is the
-- same finding.
select p.ref, p.finding, p.state, p.decided_at
from pack_row as p
inner join question as q on p.class = q.class and p.side = q.side
where
    p.settled is null
    and p.state not in ('rejected', 'ignored', 'fired', 'closed')
    and (p.side = 'claim' or p.rule is null)
