-- One row per sender some of whose claims name no buyer, so that they are the sender's own.
-- Left out: senders whose claims all name their buyer.
select distinct f.sender
from claim as c
inner join source_file as f on c.file_no = f.file_no
where c.buyer is null and f.sender is not null
