-- One row per finding of a decision: what makes it the same finding in any other run, and the facts it was
-- decided on. subject stands for side, id, event, sign and class; place tells findings of one subject apart.
-- No batch is part of it: file and line only say where the row was seen. Amounts are ten-thousandths.
create table decided_finding (
    number integer primary key autoincrement,
    decision integer not null references decision (number),
    subject text not null,
    place integer not null,
    side text not null check (side in ('event', 'claim')),
    class text not null,
    transaction_key text not null,
    event_id text,
    negative integer not null,
    transaction_id text,
    occurred_at text,
    day text,
    reason text,
    revenue_e4 integer,
    partner_e4 integer,
    currency text,
    status text,
    buyer text,
    campaign_id text,
    at_stake_e4 integer,
    file text not null,
    line integer not null
) strict;
