-- One row per currency that claims came to from another one, or left for another one, and how many they are.
-- Left out: claims that only one of the two states of the reports has.
with moved as (
    select currency_before, currency_now
    from change
    where change not in ('added', 'removed') and currency_before is distinct from currency_now
),

step as (
    select currency_now as currency, 1 as came, 0 as went
    from moved
    union all
    select currency_before as currency, 0 as came, 1 as went
    from moved
)

select currency, cast(sum(came) as bigint) as came, cast(sum(went) as bigint) as went
from step
group by currency
