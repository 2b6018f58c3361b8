-- One row per left-over row that may be proposed as half of a pair, numbered, with the number of its group: the rows
-- that agree in event, campaign, amount and currency. Left out: what may not be proposed, and groups without any pair.
with left_row as (
    select
        side, batch, file, line, event_id, campaign_id, currency, buyer, revenue,
        microseconds_of(occurred_at) as at_us,
        case when class = 'unidentified' or has_flag(flags, 'no_lead') then 1 else 0 end as names_no_lead -- rule: proposal_names_no_lead => 0 as names_no_lead
    from row_in_scope
    where
        rule is null
        and class not in ('ambiguous', 'duplicate_claim', 'duplicate_event', 'not_billable', 'unknown_event') -- rule: proposal_classes
        and event_id is not null
        and campaign_id is not null
        and occurred_at is not null
        and revenue <> 0 -- rule: proposal_amount_tells
),

tried as (
    select event_id, campaign_id, currency, revenue
    from left_row
    group by event_id, campaign_id, currency, revenue
    having min(side) <> max(side) and max(names_no_lead) = 1
),

numbered as (
    select
        t.*,
        row_number() over (
            order by event_id nulls first, campaign_id nulls first, currency nulls first, revenue nulls first
        ) as group_no
    from tried as t
)

select
    l.side, l.batch, l.file, l.line, l.buyer, l.at_us, l.names_no_lead, n.group_no,
    row_number() over (
        order by l.side nulls first, l.file nulls first, l.batch nulls first, l.line nulls first
    ) as row_no
from left_row as l
inner join numbered as n
    on
        l.event_id = n.event_id -- rule: proposal_same_event => 1 = 1
        and l.campaign_id = n.campaign_id -- rule: proposal_same_campaign
        and l.revenue = n.revenue -- rule: proposal_same_amount
        and l.currency is not distinct from n.currency -- rule: proposal_same_currency
