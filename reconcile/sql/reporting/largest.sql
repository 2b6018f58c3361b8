-- One row per finding of one currency (null: of those that name none), the largest amount at stake first.
-- Left out: all but the first ones, and what finding_kept leaves out.
select side, batch, line, partner_batch, partner_line, class, reason, buyer, state, at_stake
from finding_kept
where currency is not distinct from $currency and ref is not null
order by at_stake desc nulls last, class, file, line
limit $limit
