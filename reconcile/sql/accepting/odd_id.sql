-- One row per id that a spreadsheet has damaged, of a row that is proposed for a pair, or of the row that is asked for,
-- with what it shows. Left out: ids without damage, and of all but the row that is asked for (null: all).
with wanted as (
    select $side as side, $batch as batch, $line as line
    where $batch is not null
    union
    select 'claim' as side, claim_batch as batch, claim_line as line
    from run_proposal
    where $batch is null or ($side = 'event' and event_batch = $batch and event_line = $line)
    union
    select 'event' as side, event_batch as batch, event_line as line
    from run_proposal
    where $batch is null or ($side = 'claim' and claim_batch = $batch and claim_line = $line)
),

odd as (
    select distinct norm_key(r.transaction_id) as odd_id
    from run_row as r
    inner join wanted as w on r.side = w.side and r.batch = w.batch and r.line = w.line
    where r.rule is null and may_be_damaged(norm_key(r.transaction_id))
)

select odd_id, damage_of(odd_id) as damage, damage_digits(damage_of(odd_id)) as digits
from odd
where damage_of(odd_id) is not null
