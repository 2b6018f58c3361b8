-- One row per finding of the run whose row was decided on at another time of its period, where each is the only
-- one left: a file read in another zone or order of dates. Left out: all others; ids that name nobody.
with finding as (
    select ref, subject, count(*) over (partition by subject) as of_subject
    from touched
    where ref not in (select ref from resolved) and coalesce(usable_id(nullif(transaction_key, '')), false)
),

decided as (
    select thread, subject_now, count(*) over (partition by subject_now) as of_subject
    from live_thread
    where thread in (select thread from in_scope) and thread not in (select thread from resolved)
)

select f.ref, d.thread, 'moved' as found_by
from finding as f
inner join decided as d on f.subject = d.subject_now and f.of_subject = 1 and d.of_subject = 1
