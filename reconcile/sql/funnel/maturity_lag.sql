-- One row per lead that is meant: its slice, whose curve is meant (key, null for that of all), its age at the data's
-- end, and how long it took to reach the step, in seconds; null where it has not by then.
-- Left out: leads that are not recent, where only those are asked for (recent not null).
-- Seconds are cut off for the age and filled up for the time it took, so that a window of whole seconds holds both.
with seen as (
    select
        columns(lambda name: name = $by_first) as slice,
        columns(lambda name: name = $by_second) as slice_within,
        columns(lambda name: name = $key_first)::varchar as first_part,
        columns(lambda name: name = $key_second)::varchar as second_part,
        epoch_us($as_of) - epoch_us(entered) as age_us,
        case when t2 <= $as_of then epoch_us(t2) - epoch_us(entered) end as lag_us -- last step
    from funnel_kept
    where $recent is null or entered >= $as_of - $recent
)

select
    slice,
    slice_within,
    case
        when $key_second = 'nothing' then first_part
        else coalesce(first_part, '') || chr(31) || coalesce(second_part, '')
    end as key,
    greatest(age_us // 1000000, 0) as age_s,
    -- greatest() would take 0 for one that is null.
    case when lag_us > 0 then (lag_us + 999999) // 1000000 when lag_us <= 0 then 0 end as lag_s
from seen
