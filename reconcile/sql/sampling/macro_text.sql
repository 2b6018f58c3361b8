-- Defines sample_text(wanted_no, seed): one row per line of one sender's file, each column as text or NULL.
-- Left out: nothing. The zone of the sample leaves daylight time on 1 November 2026, 09:00Z.
-- The spellings of an id change it as follows: `upper`, `padded` and `nbsp` keep the canonical id;
-- `dashed`, `dashed_twice`, `zeros` and the prefixes only the loose one; `word` and `crowd` are
-- placeholders, by themselves or because too many rows have them; sample_odd_id has the others.
create or replace macro sample_text(wanted_no, seed) as table
with
hashed as (
    select
        line_no,
        row_at,
        case_no,
        case_id,
        row_no,
        sample_high(seed, case_no) as high,
        sample_low(seed, case_no) as low
    from sample_line
    where sender_no = wanted_no
),

drawn as (
    select
        h.line_no,
        h.row_at,
        h.case_id,
        h.row_no,
        sample_id(seed, h.case_no, h.high) as id,
        h.high,
        h.case_no - c.first_no as nth,
        h.high // 1000000000000 as chance,
        sample_pick(c.campaign_first, h.high, 1, c.campaign_size) as campaign_no,
        sample_pick(c.buyer_first, h.high, 1000, c.buyer_size) as buyer_no,
        sample_pick(c.event_first, h.high, 1000000, c.event_size) as event_no,
        sample_pick(c.amount_first, h.high, 1000000000, c.amount_size) as amount_no,
        c.source_first + (h.low // 10000000000000000 % c.source_size)::integer as source_no
    from hashed as h
    inner join sample_case as c on h.case_id = c.case_id
)

select
    d.line_no,
    case r.id_form
        when 'plain' then d.id
        when 'upper' then upper(d.id)
        when 'padded' then '  ' || d.id || ' '
        when 'nbsp' then d.id || chr(160)
        when 'dashed' then substr(d.id, 1, 8) || '-' || substr(d.id, 9)
        when 'dashed_twice' then substr(d.id, 1, 8) || '-' || substr(d.id, 9, 8) || '-' || substr(d.id, 17)
        when 'zeros' then '00' || d.id
        when 'prefixed' then 'LD' || d.id
        when 'prefixed_low' then 'ld' || d.id
        when 'word' then ['0', 'null', 'N/A', 'test', '-', 'None', 'NaN', 'na', ' '][1 + d.chance % 10]
        when 'crowd' then 'lead-' || d.case_id
        else sample_odd_id(r.id_form, d.high, d.nth)
    end as transaction_id,
    'x-' || d.id as own_external,
    case when r.id_form = 'none' then 'x-' || d.id end as named_external,
    case r.campaign when 'own' then campaign.value when 'other' then campaign.other end as campaign_id,
    case r.buyer when 'own' then buyer.value when 'other' then buyer.other end as buyer,
    case r.event when 'own' then event.value when 'other' then event.other end as event_id,
    source.value as pid,
    case when r.dated then strftime(d.row_at, '%Y-%m-%dT%H:%M:%SZ') end as at_utc,
    case
        when not r.dated then null
        when d.row_at < timestamp '2026-11-01 09:00:00'
            then strftime(d.row_at - interval 7 hour, '%Y-%m-%dT%H:%M:%S-07:00')
        else strftime(d.row_at - interval 8 hour, '%Y-%m-%dT%H:%M:%S-08:00')
    end as at_local,
    case when r.priced then (r.sign * amount.cents + r.add_cents) * 0.01::decimal(3, 2) end as revenue,
    case when r.priced then amount.cents * 6 // 10 * 0.01::decimal(3, 2) end as cost,
    case r.currency
        when 'own' then campaign.currency
        when 'other' then campaign.other_currency
    end as currency,
    nullif(split_part(r.words, '|', 1 + d.chance % r.word_count), '') as status,
    d.chance % 50 as creative
from drawn as d
inner join sample_row as r on d.case_id = r.case_id and d.row_no = r.row_no
inner join sample_choice as campaign on d.campaign_no = campaign.choice_no
inner join sample_choice as buyer on d.buyer_no = buyer.choice_no
inner join sample_choice as event on d.event_no = event.choice_no
inner join sample_choice as amount on d.amount_no = amount.choice_no
inner join sample_choice as source on d.source_no = source.choice_no
