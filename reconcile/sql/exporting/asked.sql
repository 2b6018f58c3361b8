-- One row per finding that the buyer is asked about: its ref, and its name in every run.
-- Left out: classes that ask nothing of a buyer, what was decided against, what is settled otherwise, and the
-- second line of a pair in two currencies, which is the same finding.
select p.ref, p.finding
from pack_row as p
inner join question as q on p.class = q.class and p.side = q.side
where
    p.state not in ('rejected', 'ignored', 'fired', 'closed')
    and (p.side = 'claim' or p.rule is null)
