-- One row: how many damaged ids are wanted. Left out: nothing.
select count(damage) as damages
from wanted_token
