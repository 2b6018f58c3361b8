-- One row: whether a damaged or an external id may join rows of several ids, before or now.
-- Left out: events' external ids, which concern nobody that no claim names.
with held as (
    select may_be_damaged(norm_key(transaction_id)) as linked
    from event_held
    union all
    select
        may_be_damaged(norm_key(transaction_id)) or external_clickid is not null or clid is not null as linked
    from claim_held
    union all
    select
        may_be_damaged(norm_key(transaction_id)) or external_clickid is not null or clid is not null as linked
    from lead_held
    where $leads_are_claims
    union all
    select linked
    from prior_left
)

select coalesce(bool_or(linked), false) as linked
from held
