-- One row per lead row that counts. Left out: what lead_newest leaves out.
create or replace view lead as
select * from lead_straight
union all
select * from lead_newest
