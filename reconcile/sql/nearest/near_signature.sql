-- One row per id and text that is left of it when one character, or none, is taken out: ids one edit apart
-- share such a text. Left out: long ids of which no id of the other side shares the head or the tail.
with long_enough as (
    select case side when 'event' then 'claim' else 'event' end as other_side, head, tail
    from near_id
    where letters >= 2 * $end_letters
),

possible as (
    select i.side, i.id, i.id_no, i.letters
    from near_id as i
    where
        i.letters <= 2 * $end_letters
        or (i.side, i.head) in (select (other_side, head) from long_enough)
        or (i.side, i.tail) in (select (other_side, tail) from long_enough)
)

select distinct
    p.side,
    p.id_no,
    hash(left(p.id, t.place - 1) || substr(p.id, t.place + 1)) as signature
from possible as p, range(1, p.letters + 2) as t(place)
