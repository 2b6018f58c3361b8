-- What makes a finding of one run the same as that of another, and what it rests on.

-- Names a row, in 16 hexadecimal digits: what the claims are, side, canonical id, event, sign; with a class, the
-- finding. An unknown event is blank. No batch, line, buyer, time or amount: those move when a file is corrected.
create or replace macro subject_of(counterpart, side, id, event_id, negative, class) as
    left(
        md5(
            counterpart || chr(31) || side || chr(31) || id || chr(31) || coalesce(event_id, '')
            || chr(31) || case when negative then '-' else '+' end || chr(31) || class
        ),
        16
    );

-- One text of the facts of a finding; unknown is blank.
create or replace macro facts_of(occurred_at, reason, revenue_e4, partner_e4, currency, status, buyer, campaign) as
    coalesce(epoch_us(occurred_at)::varchar, '') || chr(31) || coalesce(reason, '')
    || chr(31) || coalesce(revenue_e4::varchar, '') || chr(31) || coalesce(partner_e4::varchar, '')
    || chr(31) || coalesce(currency, '') || chr(31) || coalesce(status, '')
    || chr(31) || coalesce(buyer, '') || chr(31) || coalesce(campaign, '');

-- Money as whole ten-thousandths, as SQLite keeps it.
create or replace macro e4_of(amount) as (amount * 10000)::bigint;

-- The name of a fact if it is another than before.
create or replace macro moved(fact, now, before) as case when now is distinct from before then fact end;

-- What of credits, which are sums by currency, is in one currency, in ten-thousandths; null if nothing is.
create or replace macro credit_in(credits, code) as list_filter(credits, lambda c: c.currency = code)[1].e4;

-- The credits in none of the two currencies of a finding.
create or replace macro credits_beside(credits, code, other) as
    list_filter(credits, lambda c: c.currency is distinct from code and c.currency is distinct from other);

-- The credits of a finding in order: those in its own currency, in the other one, in any other.
create or replace macro credits_of(credits, code, other) as
    list_concat(
        list_filter(credits, lambda c: c.currency = code),
        list_filter(credits, lambda c: c.currency = other and c.currency is distinct from code),
        credits_beside(credits, code, other)
    );

-- The credits that a row of a finding is told with: those in its currency, and at the finding's own row those in none
-- of the finding's currencies. A row that names no currency has those that are not in the other one.
create or replace macro credits_at(credits, code, other, is_own) as
    list_concat(
        list_filter(credits, lambda c: c.currency = code),
        list_filter(credits_beside(credits, code, other), lambda c: is_own or code is null)
    );

-- Whether all that is at stake is credited, in each currency of a finding; one that it does not name may be any.
create or replace macro is_credited(credits, code, stake, other, other_stake) as
    case
        when other_stake is null then credits_at(credits, code, null, false)[1].e4 >= coalesce(stake, 0)
        else
            len(credits) > 0
            and coalesce(credits_at(credits, code, other, false)[1].e4, 0) >= coalesce(stake, 0)
            and coalesce(credits_at(credits, other, code, false)[1].e4, 0) >= other_stake
    end;
