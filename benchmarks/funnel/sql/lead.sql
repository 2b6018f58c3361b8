-- One row per lead of the sample: when it came, and how long each step took after the one before, in seconds.
-- Everything is told by hashes of its number, so that two samples of one size are alike. Nothing is left out.
with drawn as (
    select
        i,
        list_transform(range(14), lambda k: (hash(i, k) % 1000000) / 1000000 + 0.0000005) as u
    from range($leads) as r(i)
)

select
    i,
    substr(md5('lead ' || i), 1, 24) as transaction_id,
    timestamp '2026-09-01' + to_microseconds((u[1] * 91 * 86400000000)::bigint) as came,
    u,
    list_transform(
        range(4), lambda k: (
            [600, 20000, 200000, 300000][k + 1]
            * exp(sqrt(-2 * ln(u[2 * k + 2])) * cos(2 * pi() * u[2 * k + 3]))
        )::bigint
    ) as took
from drawn
