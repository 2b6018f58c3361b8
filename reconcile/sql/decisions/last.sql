-- One row: the number of the newest decision, 0 if there is none.
select coalesce(max(number), 0) as number
from decision
