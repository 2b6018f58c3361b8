-- One row per finding of the run whose row was decided on in another class, where each is the only one left.
-- Left out: all others; ids that name nobody.
with finding as (
    select ref, base, occurred_at, count(*) over (partition by base, occurred_at) as of_base
    from touched
    where ref not in (select ref from resolved) and coalesce(usable_id(nullif(transaction_key, '')), false)
),

decided as (
    select thread, base, seen_at, count(*) over (partition by base, seen_at) as of_base
    from live_thread
    where thread in (select thread from in_scope) and thread not in (select thread from resolved)
)

select f.ref, d.thread, 'class' as found_by
from finding as f
inner join decided as d
    on
        f.base = d.base and f.occurred_at is not distinct from d.seen_at
        and f.of_base = 1 and d.of_base = 1
