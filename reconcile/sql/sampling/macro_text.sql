-- Defines sample_text(wanted_side, wanted_sender): one row per line of one file, each column as text or NULL.
-- Left out: nothing. The zone of the sample leaves daylight time on 1 November 2026, 09:00Z.
-- The spellings of an id change it as follows: `upper`, `padded` and `nbsp` keep the canonical id;
-- `dashed`, `dashed_twice`, `zeros` and the prefixes only the loose one; `word` and `crowd` are
-- placeholders, by themselves or because too many rows have them.
create or replace macro sample_text(wanted_side, wanted_sender) as table
select
    l.line_no,
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
        when 'crowd' then 'lead-' || l.case_id
    end as transaction_id,
    case r.campaign when 'own' then campaign.value when 'other' then campaign.other end as campaign_id,
    case r.buyer when 'own' then buyer.value when 'other' then buyer.other end as buyer,
    case r.event when 'own' then event.value when 'other' then event.other end as event_id,
    source.value as pid,
    case when r.dated then strftime(l.row_at, '%Y-%m-%dT%H:%M:%SZ') end as at_utc,
    case
        when not r.dated then null
        when l.row_at < timestamp '2026-11-01 09:00:00'
            then strftime(l.row_at - interval 7 hour, '%Y-%m-%dT%H:%M:%S-07:00')
        else strftime(l.row_at - interval 8 hour, '%Y-%m-%dT%H:%M:%S-08:00')
    end as at_local,
    case
        when r.priced then printf(
            '%s%d.%02d',
            case when r.sign * amount.cents + r.add_cents < 0 then '-' else '' end,
            abs(r.sign * amount.cents + r.add_cents) // 100,
            abs(r.sign * amount.cents + r.add_cents) % 100
        )
    end as revenue,
    case
        when r.priced then printf('%d.%02d', amount.cents * 6 // 1000, amount.cents * 6 // 10 % 100)
    end as cost,
    case r.currency
        when 'own' then campaign.currency
        when 'other' then campaign.other_currency
    end as currency,
    nullif(list_extract(r.words, 1 + d.chance % len(r.words)), '') as status,
    d.chance % 50 as creative
from sample_line as l
inner join sample_row as r on l.case_id = r.case_id and l.row_no = r.row_no
inner join sample_draw as d on l.case_no = d.case_no
inner join sample_choice as campaign on d.campaign_no = campaign.choice_no
inner join sample_choice as buyer on d.buyer_no = buyer.choice_no
inner join sample_choice as event on d.event_no = event.choice_no
inner join sample_choice as amount on d.amount_no = amount.choice_no
inner join sample_choice as source on d.source_no = source.choice_no
where l.side = wanted_side and l.sender = wanted_sender
