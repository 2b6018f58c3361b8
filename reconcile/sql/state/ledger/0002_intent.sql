-- One row per postback of a plan: the exact bytes to send and what became of them.
-- transaction_key is the canonical id, repeat_key tells claims of a repeating event apart (else '').
-- run is the stored run of the finding, firing the run of this ledger that holds or held it.
create table intent (
    id integer primary key autoincrement,
    plan integer not null references plan (id),
    host text not null,
    path text not null,
    body blob not null,
    mode text not null check (mode in ('dedupe', 'once')),
    campaign_id text not null,
    event_id text not null,
    transaction_id text not null,
    transaction_key text not null,
    repeat_key text not null,
    pid text,
    buyer text,
    revenue_e4 integer,
    currency text,
    occurred_at text not null,
    finding_ref text not null,
    claim_file text,
    claim_line integer,
    run text,
    seen_before integer not null,
    state text not null,
    reason text,
    tries integer not null,
    next_at real,
    firing integer references run (id),
    sent_at text,
    changed_at text not null
) strict;
