-- One row per chain that has only begun, with the place of its lead row among all rows of the lead.
-- Left out: nothing.
select
    c.* replace (r.pos as pos)
from funnel_chain as c
inner join strict_row as r on c.lead = r.lead and c.entered = r.t and r.class_no = 1
