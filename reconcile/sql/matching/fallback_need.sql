-- One row: how many rows left over may show a damaged id, and how many claims an external one.
-- Left out: nothing. A rule of which there is nothing to ask costs nothing then.
with need as (
    select odd_id, cast(null as varchar) as external_clickid, cast(null as varchar) as clid
    from fallback_event
    union all
    select odd_id, external_clickid, clid
    from fallback_claim
)

select
    cast(count(odd_id) as bigint) as damaged,
    cast(count(coalesce(external_clickid, clid)) as bigint) as external
from need
