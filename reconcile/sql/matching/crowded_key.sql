-- One row per side on which an id and event of the range has several rows.
-- Left out: rows without a usable id or an event, which can never be clean.
select key_hi, key_lo, event_no
from event_fact
where key_hi is not null and event_no is not null
group by key_hi, key_lo, event_no
having count(*) > 1 -- rule: clean_one_event => having count(*) > 2
union all
select key_hi, key_lo, event_no
from claim_fact
where key_hi is not null and event_no is not null
group by key_hi, key_lo, event_no
having count(*) > 1 -- rule: clean_one_claim => having count(*) > 2
