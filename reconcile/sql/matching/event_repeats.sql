-- One row per event that repeats in some campaign: used where a key's campaign is unknown.
-- Left out: events that no campaign allows to repeat.
select event_no
from setting
where may_repeat = 1 -- rule: repeats_where_allowed
group by event_no
