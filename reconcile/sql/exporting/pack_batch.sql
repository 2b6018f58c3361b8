-- One row per batch of claims that rows of a pack stand in. Left out: all others.
select distinct your_batch as batch
from pack_row
where your_batch is not null
