-- One row per event and claim of a clean pair of the period, in the shape of a verdict.
-- Left out: pairs that were looked at row by row.
with paired as (
    select
        p.*,
        event.transaction_id as event_transaction_id,
        event.occurred_at as event_at,
        claim.transaction_id as claim_transaction_id,
        claim.occurred_at as claim_at,
        claim.status,
        case when p.event_day = p.claim_day then 0 else 1 end as day_shift, -- rule: clean_flag_day_shift => 0 as day_shift,
        case when event.transaction_id = claim.transaction_id then 0 else 1 end as id_spelling -- rule: clean_flag_id_spelling => 0 as id_spelling
    from matched_place as p
    inner join event on p.event_file_no = event.file_no and p.event_line_no = event.line_no
    inner join claim on p.claim_file_no = claim.file_no and p.claim_line_no = claim.line_no
)

select
    'event' as side, event_file_no as file_no, event_line_no as line_no, event_no,
    event_transaction_id as transaction_id, event_at as occurred_at, revenue_e4, cast(null as varchar) as status,
    'matched' as class, rule, claim_file_no as partner_file_no, claim_line_no as partner_line_no, currency_no, buyer_no,
    campaign_no, event_day as day, revenue_e4 as own_e4, 0 as bridge_e4, 1 as shared, day_shift, id_spelling
from paired
union all
select
    'claim' as side, claim_file_no as file_no, claim_line_no as line_no, event_no,
    claim_transaction_id as transaction_id, claim_at as occurred_at, revenue_e4, status, 'matched' as class,
    rule, event_file_no as partner_file_no, event_line_no as partner_line_no, currency_no, buyer_no,
    campaign_no, claim_day as day, revenue_e4 as own_e4, 0 as bridge_e4, 1 as shared, day_shift, id_spelling
from paired
