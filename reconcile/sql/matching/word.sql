-- One row per spelling of a buyer, campaign, event or currency; word_no follows the order of the text.
-- Left out: ids, statuses and external ids, which are compared as text and only where a row needs it.
with spelling as (
    select campaign_id as word from lead
    union all
    select buyer as word from lead
    union all
    select event_id as word from event
    union all
    select campaign_id as word from event
    union all
    select buyer as word from event
    union all
    select currency as word from event
    union all
    select event_id as word from claim
    union all
    select campaign_id as word from claim
    union all
    select buyer as word from claim
    union all
    select currency as word from claim
    union all
    select word from named_word
),

distinct_spelling as (
    select word
    from spelling
    where word is not null
    group by word
)

select
    word,
    cast(row_number() over (order by word nulls first) as integer) as word_no
from distinct_spelling
