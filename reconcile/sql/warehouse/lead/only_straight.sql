-- One row per lead row, where no batch overlaps another. Nothing is left out.
create or replace view lead as
select * from lead_straight
