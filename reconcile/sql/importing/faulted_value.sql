-- One row per text that was refused in a part of a file, with the id of its line; a second header is found
-- by them. Left out: lines that are no data, and all beyond a thousand.
select distinct
    fault.value,
    transaction_id
from rest_row
where fault is not null and class is null and fault.value is not null
limit 1000
