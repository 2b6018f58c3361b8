-- One row: the number of the newest migration applied, 0 for none.
select coalesce(max(number), 0) as number from migration;
