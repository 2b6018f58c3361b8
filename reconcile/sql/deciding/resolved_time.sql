-- One row per finding of the run whose row was decided on at the same time with other facts: smallest amount to
-- smallest. Left out: what stands as it was, and ids that name nobody, of which only equal rows are the same.
with finding as (
    select
        ref, subject, occurred_at,
        row_number() over (
            partition by subject, occurred_at
            order by revenue_e4 nulls first, partner_e4 nulls first, facts, file, line, ref
        ) as nth
    from touched
    where ref not in (select ref from resolved) and coalesce(usable_id(nullif(transaction_key, '')), false)
),

decided as (
    select
        thread, subject_now, seen_at,
        row_number() over (
            partition by subject_now, seen_at
            order by seen_revenue_e4 nulls first, seen_partner_e4 nulls first, facts, thread
        ) as nth
    from live_thread
    where thread not in (select thread from resolved)
)

select f.ref, d.thread, 'time' as found_by
from finding as f
inner join decided as d
    on f.subject = d.subject_now and f.occurred_at is not distinct from d.seen_at and f.nth = d.nth
