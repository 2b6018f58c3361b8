-- One row per known lead of the range of keys: the facts on which all rows of its id agree, blanks aside.
-- Left out: leads whose id identifies nothing. Leads count whatever their date.
select
    l.key_hi,
    l.key_lo,
    case when min(buyer.word_no) = max(buyer.word_no) then min(buyer.word_no) end as buyer_no, -- rule: lead_buyer_agreed => min(buyer.word_no) as buyer_no,
    case when min(campaign.word_no) = max(campaign.word_no) then min(campaign.word_no) end as campaign_no -- rule: lead_campaign_agreed => min(campaign.word_no) as campaign_no
from lead as l
left join word as buyer on l.buyer = buyer.word
left join word as campaign on l.campaign_id = campaign.word
where
    l.key_hi >= $key_from
    and l.key_hi <= $key_to
group by l.key_hi, l.key_lo
