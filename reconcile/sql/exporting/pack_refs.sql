-- One row per finding that a pack asks its buyer about, by its ref in the pack's run, with the state that it
-- had then and when that was decided. state is null in packs of before that was kept. Left out: other packs.
select f.ref, f.finding, f.state, f.decided_at, p.made_at
from pack_finding as f
inner join pack as p on f.pack = p.number
where f.pack = $pack
order by f.ref
