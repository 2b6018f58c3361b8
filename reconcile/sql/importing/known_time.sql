-- One row per asked id that exactly one stored event has: when that was. Left out: all other ids.
with own as (
    select
        id,
        key_hi(norm_key(id)) as key_hi,
        key_lo(norm_key(id)) as key_lo
    from asked_id
    where usable_id(norm_key(id))
)

select
    own.id,
    min(event.occurred_at) as occurred_at
from own
inner join event on own.key_hi = event.key_hi and own.key_lo = event.key_lo
where event.occurred_at is not null
group by own.id
having count(*) = 1
