-- One row per id of leads that went to one buyer only: what an event of that id that names none stands for.
-- Left out: ids sold to several buyers, and to none that is known.
select
    l.key_hi,
    l.key_lo,
    min(coalesce(buyer.name, l.buyer)) as sold_to
from lead as l
left join funnel_name as buyer on buyer.dimension = 'buyer' and l.buyer = buyer.spelling
where l.key_hi is not null
group by l.key_hi, l.key_lo
having min(coalesce(buyer.name, l.buyer)) = max(coalesce(buyer.name, l.buyer))
