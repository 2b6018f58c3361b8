-- One row per bucket of a group of currency, buyer, campaign and local day; amounts are exact.
-- Left out: buckets that sum to nothing. `events` and `claims` are the totals of the two sides.
select
    currency.word as currency,
    buyer.word as buyer,
    campaign.word as campaign_id,
    p.day,
    p.bucket,
    money_of(exact_sum(p.amount_e4)) as amount
from bridge_part as p
left join word as currency on p.currency_no = currency.word_no
left join word as buyer on p.buyer_no = buyer.word_no
left join word as campaign on p.campaign_no = campaign.word_no
group by currency.word, buyer.word, campaign.word, p.day, p.bucket
having sum(p.amount_e4) <> 0 -- rule: bridge_without_zeros
