-- One row per finding that a plan was asked for and does not fire, with the reason.
create table blocked_row (
    plan integer not null references plan (id),
    finding_ref text not null,
    campaign_id text,
    event_id text,
    transaction_id text,
    revenue_e4 integer,
    currency text,
    claim_file text,
    claim_line integer,
    reason text not null,
    detail text not null
) strict;
