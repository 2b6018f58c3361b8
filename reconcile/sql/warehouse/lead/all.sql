-- One row per lead row that counts: of large batches, of overlapping ones, and of many small ones.
-- Left out: what lead_newest leaves out.
select * from lead_straight
union all
select * from lead_newest
union all
select * from lead_gathered
