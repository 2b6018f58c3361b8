-- One row per finding that a pack asks its buyer about, by its ref in the pack's run. Left out: other packs.
select ref
from pack_finding
where pack = $pack
order by ref
