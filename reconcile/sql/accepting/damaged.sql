-- One row if a row's id shows that a spreadsheet damaged it. Left out: other ids.
select odd_id
from damage_seen
where odd_id = norm_key($id)
