-- One row per occurrence of a case: its id, its time and everything else that chance decides.
-- Left out: what the rows of the case look like (sample_row).
-- Chance is the md5 of seed and number, cut into decimal places, so that every run and every number
-- of threads draws the same. Ids begin with a letter: none is a number or has leading zeros.
-- Whole days are drawn evenly and follow a hill over the day; shorter spans are even.
-- $cases: number of occurrences. $seed: any integer.
with
numbered as (
    select
        r.case_no,
        c.*
    from (select range as case_no from range($cases)) as r
    asof inner join sample_case as c on r.case_no >= c.first_no
),

hashed as (
    select
        *,
        md5_number($seed || ':' || case_no) as hash
    from numbered
),

halved as (
    select
        *,
        (hash >> 65)::bigint as high,
        (hash & 9223372036854775807::uhugeint)::bigint as low
    from hashed
)

select
    case_no,
    case_id,
    chr(97 + (high % 6)::integer) || substr(md5($seed || '/' || case_no), 1, 23) as id,
    campaign_first + (high % 1000 % campaign_size)::integer as campaign_no,
    buyer_first + (high // 1000 % 1000 % buyer_size)::integer as buyer_no,
    event_first + (high // 1000000 % 1000 % event_size)::integer as event_no,
    amount_first + (high // 1000000000 % 1000 % amount_size)::integer as amount_no,
    source_first + (low // 10000000000000000 % source_size)::integer as source_no,
    high // 1000000000000 as chance,
    span_from + to_seconds(case
        when span_seconds < 172800
            then low % 100000000 * (span_seconds + 1) // 100000000
        else low % 100000000 * (span_seconds // 86400) // 100000000 * 86400
            + (low // 100000000 % 86400 + low // 10000000000000 % 86400) // 2
    end) as base_at
from halved
