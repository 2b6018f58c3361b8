-- One row: how many claims of a stored run say what an accepted claim says, and how many events what its event says.
-- Left out: rows that an exact or another rule has joined.
select
    count(
        case
            when
                side = 'claim' and norm_key(transaction_id) is not distinct from $claim_key
                and occurred_at is not distinct from $claim_at::timestamp
                and (revenue * 10000)::bigint is not distinct from $claim_e4
                then 1
        end
    ) as claims,
    count(
        case
            when
                side = 'event' and norm_key(transaction_id) is not distinct from $event_key
                and occurred_at is not distinct from $event_at::timestamp
                and (revenue * 10000)::bigint is not distinct from $event_e4
                then 1
        end
    ) as events
from run_row
where event_id = $event_id and (rule is null or rule = 'proposal')
