-- One row per claim row, where no batch overlaps another. Nothing is left out.
select * from claim_straight
