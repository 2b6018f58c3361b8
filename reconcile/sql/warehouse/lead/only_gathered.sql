-- One row per lead row, where all batches are small and none overlaps another. Nothing is left out.
select * from lead_gathered
