-- One row per file of rows, numbered in the order of the labels: claims by buyer, events, leads.
-- No buyer is called event or lead, so that the name alone tells the file.
with named as (
    select
        'claim' as side,
        value as sender,
        'claims_' || value || '.csv' as file
    from sample_choice
    where kind = 'buyer'
    union
    select
        'claim' as side,
        other as sender,
        'claims_' || other || '.csv' as file
    from sample_choice
    where kind = 'buyer'
    union all
    select
        unnest(['event', 'lead']) as side,
        unnest(['event', 'lead']) as sender,
        unnest(['events.csv', 'leads.csv']) as file
)

select
    (row_number() over (order by side, file))::tinyint as sender_no,
    *
from named
