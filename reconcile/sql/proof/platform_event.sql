-- One row per event and campaign that both are told of: the spelling of it that is the platform's own id, null
-- where nobody can tell, and all spellings of it. As platform_campaign, of each campaign by itself; where
-- campaign_id is null, of all of them together.
with exported as (
    select distinct
        coalesce(alias_campaign.canonical, event_told.campaign_id) as campaign_id,
        event_told.event_id as spelling
    from event_told
    left join alias_campaign on event_told.campaign_id = alias_campaign.spelling
    where event_told.event_id is not null
),

configured as (
    select distinct
        coalesce(alias_campaign.canonical, told_setting.campaign_id) as campaign_id,
        told_setting.event_id as spelling
    from told_setting
    left join alias_campaign on told_setting.campaign_id = alias_campaign.spelling
),

told as (
    select
        campaign_id,
        spelling,
        max(is_exported) as is_exported,
        max(is_configured) as is_configured,
        max(case when regexp_full_match(spelling, '[0-9a-fA-F]{24}') then 1 else 0 end) as is_id
    from (
        select campaign_id, spelling, 1 as is_exported, 0 as is_configured from exported
        union all
        select campaign_id, spelling, 0, 1 from configured
        union all
        select null, spelling, 1, 0 from exported
        union all
        select null, spelling, 0, 1 from configured
    )
    group by campaign_id, spelling
)

select
    told.campaign_id,
    coalesce(alias_event.canonical, told.spelling) as event_id,
    case
        when count(*) = 1 then min(told.spelling)
        when sum(told.is_id) = 1 then min(case when told.is_id = 1 then told.spelling end)
        when sum(told.is_exported * told.is_configured) = 1
            then min(case when told.is_exported * told.is_configured = 1 then told.spelling end)
    end as platform_id,
    string_agg(told.spelling, ', ' order by told.spelling) as spellings
from told
left join alias_event on told.spelling = alias_event.spelling
group by told.campaign_id, coalesce(alias_event.canonical, told.spelling)
