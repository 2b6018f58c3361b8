-- One row: a firing process that now holds the ledger.
insert into run (plan, process, started_at) values ($plan, $process, $now) returning id;
