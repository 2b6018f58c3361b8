-- One row per finding that something was decided on, whether the run has it or not: what was said last, and the
-- facts it was last seen with (seen_*) and ruled on (ruled_*), with names as the run's aliases have them.
-- Left out: what was decided on runs against other claims (leads, or reports).
with said as (
    select *
    from read_json($path, format = 'newline_delimited', columns = {
        thread: 'bigint', subject: 'varchar', place: 'bigint', side: 'varchar', class: 'varchar',
        transaction_key: 'varchar', event_id: 'varchar', negative: 'boolean', transaction_id: 'varchar',
        period_from: 'timestamp', period_to: 'timestamp', state: 'varchar', decision: 'bigint', ruling: 'bigint',
        decided_by: 'varchar', decided_at: 'timestamp', decided_reason: 'varchar', assignee: 'varchar',
        note: 'varchar', credits: 'struct(currency varchar, e4 bigint)[]',
        day: 'date', at_stake_e4: 'bigint', other_at_stake_e4: 'bigint', other_currency: 'varchar',
        file: 'varchar', line: 'bigint',
        seen_at: 'timestamp', seen_reason: 'varchar', seen_revenue_e4: 'bigint', seen_partner_e4: 'bigint',
        seen_currency: 'varchar', seen_status: 'varchar', seen_buyer: 'varchar', seen_campaign: 'varchar',
        ruled_at: 'timestamp', ruled_reason: 'varchar', ruled_revenue_e4: 'bigint',
        ruled_partner_e4: 'bigint', ruled_currency: 'varchar', ruled_other_currency: 'varchar',
        ruled_status: 'varchar', ruled_buyer: 'varchar', ruled_campaign: 'varchar'
    })
),

named as (
    select
        s.* replace (
            coalesce(sb.name, s.seen_buyer) as seen_buyer,
            coalesce(sc.name, s.seen_campaign) as seen_campaign,
            coalesce(rb.name, s.ruled_buyer) as ruled_buyer,
            coalesce(rc.name, s.ruled_campaign) as ruled_campaign,
            coalesce(e.name, s.event_id) as event_id
        )
    from said as s
    left join known_name as sb on sb.dimension = 'buyer' and s.seen_buyer = sb.spelling
    left join known_name as rb on rb.dimension = 'buyer' and s.ruled_buyer = rb.spelling
    left join known_name as sc on sc.dimension = 'campaign' and s.seen_campaign = sc.spelling
    left join known_name as rc on rc.dimension = 'campaign' and s.ruled_campaign = rc.spelling
    left join known_name as e on e.dimension = 'event' and s.event_id = e.spelling
)

select
    *,
    subject_of($counterpart, side, transaction_key, event_id, negative, class) as subject_now,
    subject_of($counterpart, side, transaction_key, event_id, negative, '') as base,
    facts_of(
        seen_at, seen_reason, seen_revenue_e4, seen_partner_e4, seen_currency, seen_status, seen_buyer,
        seen_campaign
    ) as facts
from named
