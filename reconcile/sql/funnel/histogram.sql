-- One row per bar: how many leads took so long to reach the step. Left out: leads that did not reach it.
with taken as (
    select (epoch_us(t2) - epoch_us(entered)) // 1000000 as seconds -- last step
    from funnel_kept
    where t2 <= entered + $window -- last step
),

bar as (
    select
        unnest($lows) as low_s,
        unnest($highs) as high_s
)

select
    bar.low_s,
    bar.high_s,
    count(taken.seconds) as leads
from bar
left join taken on taken.seconds >= bar.low_s and taken.seconds < bar.high_s
group by bar.low_s, bar.high_s
order by bar.low_s
