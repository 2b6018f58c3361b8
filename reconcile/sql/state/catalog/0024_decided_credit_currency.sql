-- The currency of what is credited; null where nothing is.
alter table decided_finding add column credit_currency text;
