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
