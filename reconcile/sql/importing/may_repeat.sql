-- One row per row of a file that can have an equal one: its key stands on several lines, or it names no lead.
-- Left out: all others, which is most of them.
select *
from checked_row
where key_hi is null or key_hi in (select crowded_key.key_hi from crowded_key)
