-- One row per text that so many ids share that they say nothing of each other.
-- Left out: texts that few share.
select signature
from near_signature
group by signature
having count_if(side = 'event') * count_if(side = 'claim') > $most_pairs
