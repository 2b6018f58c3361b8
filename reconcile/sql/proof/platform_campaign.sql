-- One row per campaign: the spelling of it that is the platform's own id, null where nobody can tell, and all
-- spellings of it. Told is what its exports and the event settings say; a report of a buyer says nothing of it.
-- Where these differ, an id in Pingtree's form is no name, and what both say is likelier than what one says.
with exported as (
    select campaign_id as spelling from lead_told where campaign_id is not null
    union
    select campaign_id from event_told where campaign_id is not null
),

configured as (
    select distinct campaign_id as spelling from told_setting
),

told as (
    select
        spelling,
        max(is_exported) as is_exported,
        max(is_configured) as is_configured,
        max(case when regexp_full_match(spelling, '[0-9a-fA-F]{24}') then 1 else 0 end) as is_id
    from (
        select spelling, 1 as is_exported, 0 as is_configured from exported
        union all
        select spelling, 0, 1 from configured
    )
    group by spelling
)

select
    coalesce(alias_campaign.canonical, told.spelling) as campaign_id,
    case
        when count(*) = 1 then min(told.spelling)
        when sum(told.is_id) = 1 then min(case when told.is_id = 1 then told.spelling end)
        when sum(told.is_exported * told.is_configured) = 1
            then min(case when told.is_exported * told.is_configured = 1 then told.spelling end)
    end as platform_id,
    string_agg(told.spelling, ', ' order by told.spelling) as spellings
from told
left join alias_campaign on told.spelling = alias_campaign.spelling
group by coalesce(alias_campaign.canonical, told.spelling)
