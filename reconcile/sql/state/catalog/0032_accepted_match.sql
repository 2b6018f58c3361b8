-- One row per pair that a person has accepted, by what its two rows say: it is found again in every run.
-- No batch, file or line is part of it. Times are UTC, amounts ten-thousandths; keys are ids as they are compared.
create table accepted_match (
    number integer primary key autoincrement,
    decision integer not null references decision (number),
    event_id text not null,
    claim_key text,
    claim_at text,
    claim_e4 integer,
    event_key text,
    event_at text,
    event_e4 integer
) strict;
