-- One row per line with a time and an id: the local times that the readings of its text make.
-- Left out: lines that are no data, and all but $limit, which are taken from the whole part.
select
    transaction_id as id,
    time_of(time_text, $form, $format, $zoned, $serials) as local_at,
    ordered_time(numbers_in(time_text), 'dmy') as dmy,
    ordered_time(numbers_in(time_text), 'mdy') as mdy,
    ordered_time(numbers_in(time_text), 'ymd') as ymd
from text_cell
where class is null and time_text is not null and transaction_id is not null
order by hash(transaction_id)
limit $limit
