-- One row per event of a campaign's settings, by word numbers; unknown answers are null.
-- Left out: nothing. may_repeat is 1 only where duplicates are known to be allowed.
select
    campaign.word_no as campaign_no,
    event.word_no as event_no,
    case s.is_conversion when 'yes' then 1 when 'no' then 0 end as is_conversion, -- rule: unknown_conversion_is_no_answer => case s.is_conversion when 'yes' then 1 else 0 end as is_conversion,
    case s.allows_duplicates when 'yes' then 1 else 0 end as may_repeat -- rule: unknown_repeat_is_no => case s.allows_duplicates when 'no' then 0 else 1 end as may_repeat
from named_setting as s
inner join word as campaign on s.campaign_id = campaign.word
inner join word as event on s.event_id = event.word
