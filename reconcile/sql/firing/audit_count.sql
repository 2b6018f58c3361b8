-- One row: how many links the audit has.
select count(*) as links from audit;
