-- One row per claim row, where no batch overlaps another. Nothing is left out.
create or replace view claim as
select * from claim_straight
