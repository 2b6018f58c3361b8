-- One row per left-over claim and one of the nearest left-over events of the same event, campaign, amount and currency,
-- near in time: what a person may accept as a pair. Left out: rows whose ids both may name a lead, claims denied or
-- said before, and what stands more often than can be looked at. Rivals: how many more fit the claim, or the event.
with left_row as (
    select
        side, batch, file, line, event_id, campaign_id, currency, buyer, revenue, occurred_at,
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

crowded as (
    select event_id, campaign_id, currency, revenue
    from left_row
    group by event_id, campaign_id, currency, revenue
    having
        sum(case when side = 'event' then 1 else 0 end) > $candidate_cap
        or sum(case when side = 'claim' then 1 else 0 end) > $candidate_cap
),

looked_at as (
    select l.*
    from left_row as l
    left join crowded
        on
            l.event_id = crowded.event_id
            and l.campaign_id = crowded.campaign_id
            and l.currency is not distinct from crowded.currency
            and l.revenue = crowded.revenue
    where crowded.event_id is null
),

fitting as (
    select
        c.batch as claim_batch, c.file as claim_file, c.line as claim_line,
        e.batch as event_batch, e.file as event_file, e.line as event_line,
        microseconds_between(e.occurred_at, c.occurred_at) as apart
    from looked_at as c
    inner join looked_at as e
        on
            c.event_id = e.event_id -- rule: proposal_same_event => 1 = 1
            and c.campaign_id = e.campaign_id -- rule: proposal_same_campaign
            and c.revenue = e.revenue -- rule: proposal_same_amount
            and c.currency is not distinct from e.currency -- rule: proposal_same_currency
            and (c.buyer is null or e.buyer is null or c.buyer = e.buyer) -- rule: proposal_same_buyer
            and (c.names_no_lead = 1 or e.names_no_lead = 1) -- rule: proposal_one_names_no_lead
            and microseconds_between(e.occurred_at, c.occurred_at) <= $proposal_reach -- rule: proposal_near_in_time
    where c.side = 'claim' and e.side = 'event'
),

ranked as (
    select
        f.*,
        cast(count(*) over (partition by claim_batch, claim_file, claim_line) as bigint) - 1 as claim_rivals,
        cast(count(*) over (partition by event_batch, event_file, event_line) as bigint) - 1 as event_rivals,
        row_number() over (
            partition by claim_batch, claim_file, claim_line
            order by apart nulls first, event_file nulls first, event_batch nulls first, event_line nulls first
        ) as nth
    from fitting as f
)

select
    claim_batch, claim_file, claim_line, event_batch, event_file, event_line, apart, claim_rivals, event_rivals, nth
from ranked
where nth <= $proposals_kept
