-- One row per claim row that counts: of large batches, of overlapping ones, and of many small ones.
-- Left out: what claim_newest leaves out.
select * from claim_straight
union all
select * from claim_newest
union all
select * from claim_gathered
