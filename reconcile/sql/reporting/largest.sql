-- One row per finding with money in one currency (null: in none that is named), the largest amount at stake first.
-- Left out: all but the first ones, and what finding_kept leaves out.
select side, batch, line, partner_batch, partner_line, class, reason, buyer, state, at_stake
from finding_money
where currency is not distinct from $currency and ref is not null and at_stake is not null
order by at_stake desc, class, file, line
limit $limit
