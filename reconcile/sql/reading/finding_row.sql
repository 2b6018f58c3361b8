-- One row per row of a stored run as it is listed, a pair being one: what the run says of it, whatever was decided.
-- Left out: the event of a pair, which stands at its claim.
-- is_finding: it asks something of somebody. other_*: what the event of a pair in two currencies adds to the bridge,
-- and has at stake, in other_currency; null for all others. id_key and file_name: what it is found by.
select
    f.subject,
    f.ref is not null as is_finding,
    r.side || ':' || r.batch || ':' || r.line as ref,
    r.*,
    case when r.bridge < 0 then -r.bridge else r.bridge end as at_stake,
    p.bridge as other_bridge,
    case when p.bridge < 0 then -p.bridge else p.bridge end as other_at_stake,
    p.currency as other_currency,
    norm_key(r.transaction_id) as id_key,
    regexp_extract(r.file, '[^/]*$') as file_name
from run_row as r
left join run_row as p
    on
        p.side = 'event' and r.side = 'claim' and r.partner_batch = p.batch and r.partner_line = p.line
        and r.currency is distinct from p.currency
left join finding_fact as f on r.side || ':' || r.batch || ':' || r.line = f.ref
where r.side = 'claim' or r.rule is null or r.class = 'timing'
