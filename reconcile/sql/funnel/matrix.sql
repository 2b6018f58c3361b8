-- One row per pair of levels: leads by how far the platform's events bring them, and how far the recovered ones do.
-- 0: counts in no step, because an exclusion removed it. Left out: pairs of levels that no lead has.
select
    coalesce(t.level, 0) as tracked,
    coalesce(r.level, 0) as reconciled,
    count(*) as leads
from level_tracked as t
full outer join level_reconciled as r on t.lead = r.lead
group by all
order by all
