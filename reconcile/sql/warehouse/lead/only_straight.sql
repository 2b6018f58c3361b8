-- One row per lead row, where no batch overlaps another. Nothing is left out.
select * from lead_straight
