-- One row: how many rows of a batch were there before as they are, in another version, or not at all;
-- and how many older ones a whole delivery ($whole) lacks for the time from $from_utc to $to_utc.
-- Left out: rows before that the batch says nothing of. An identity's equal contents are paired first.
with said as (
    select id_hi, id_lo, content, true as is_now, false as is_old from row_now
    union all
    select
        id_hi, id_lo, content, false,
        $whole and occurred_at >= $from_utc and occurred_at < $to_utc
        and list_contains($older::integer[], file_no)
    from row_before
),

content as (
    select
        id_hi,
        id_lo,
        count(case when is_now then 1 end) as now_n,
        count(case when not is_now then 1 end) as before_n,
        count(case when is_old then 1 end) as old_n
    from said
    group by id_hi, id_lo, content
),

identity as (
    select
        sum(least(now_n, before_n)) as same_n,
        sum(now_n) as now_n,
        sum(before_n) as before_n,
        sum(old_n) as old_n
    from content
    group by id_hi, id_lo
)

select
    cast(coalesce(sum(same_n), 0) as bigint) as known,
    cast(coalesce(sum(least(now_n, before_n) - same_n), 0) as bigint) as changed,
    cast(coalesce(sum(greatest(now_n - before_n, 0)), 0) as bigint) as new,
    cast(coalesce(sum(greatest(old_n - now_n, 0)), 0) as bigint) as withdrawn
from identity
