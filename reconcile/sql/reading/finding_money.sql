-- One row per finding that passes the filters and currency in which it has money: what it adds to the bridge there
-- (bridge), what of that is at stake, and what is credited. All sums of findings are made of these rows.
-- A pair in two currencies is two rows. is_own is that of the claim, where the finding is counted, once; null bridge
-- and at_stake are a credit alone, in a currency that the finding is not in any more, or does not name.
-- Left out: what finding_kept leaves out.
select
    * exclude (currency, bridge, at_stake, other_currency, other_bridge, other_at_stake, credits),
    unnest(
        list_concat(
            [{
                currency: currency, is_own: true, bridge: bridge, at_stake: at_stake,
                credited: money_of(credit_in(credits, currency))
            }],
            case
                when other_at_stake is not null
                    then [{
                        currency: other_currency, is_own: false, bridge: other_bridge, at_stake: other_at_stake,
                        credited: money_of(credit_in(credits, other_currency))
                    }]
            end,
            list_transform(
                credits_beside(credits, currency, other_currency),
                lambda c: {
                    currency: c.currency, is_own: false, bridge: null, at_stake: null, credited: money_of(c.e4)
                }
            )
        ),
        recursive := true
    )
from finding_kept
