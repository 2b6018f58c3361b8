-- One row per finding of the run that stands as it was decided on: rows of equal content are interchangeable,
-- so that the first is the first. Left out: findings of other facts.
with finding as (
    select ref, subject, facts, row_number() over (partition by subject, facts order by file, line, ref) as nth
    from touched
),

decided as (
    select thread, subject_now, facts, row_number() over (partition by subject_now, facts order by thread) as nth
    from live_thread
)

select f.ref, d.thread, 'same' as found_by
from finding as f
inner join decided as d on f.subject = d.subject_now and f.facts = d.facts and f.nth = d.nth
