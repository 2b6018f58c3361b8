-- One row per pack that was made, the newest first. Left out: packs of another id than is asked for (null: all).
select
    p.id as pack,
    p.made_at,
    p.made_by,
    p.buyer,
    p.run,
    (select count(*) from pack_finding as f where f.pack = p.number) as asked,
    p.seal,
    p.number
from pack as p
where $id is null or p.id = $id
order by p.number desc
