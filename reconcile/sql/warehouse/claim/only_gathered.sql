-- One row per claim row, where all batches are small and none overlaps another. Nothing is left out.
select * from claim_gathered
