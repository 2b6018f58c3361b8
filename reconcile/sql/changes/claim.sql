-- One row per claim of the buyer that counts in one state of his reports: what makes it one, what it says, and
-- what counts of its amount. Left out: claims of other buyers, and of other times if a period is asked for.
-- Whose file it is, is no part of what a claim says; one that names no buyer is its sender's. An undated one lies
-- where its batch's stated period does.
with named as (
    select
        c.*,
        f.batch,
        f.file,
        f.period_from,
        f.period_to,
        coalesce(b.name, c.buyer, s.name, f.sender) as account,
        c.key_hi is null as bare
    from (
        select * exclude (source_lines, extra)
        from claim
    ) as c
    inner join source_file as f on c.file_no = f.file_no
    left join known_buyer as b on c.buyer = b.spelling
    left join known_buyer as s on f.sender = s.spelling
)

select
    n.batch,
    n.file,
    n.line_no as line,
    n.transaction_id,
    n.event_id,
    n.campaign_id,
    n.occurred_at,
    n.revenue_e4,
    coalesce(n.currency, $currency) as currency,
    n.status,
    n.reason,
    m.status as meaning,
    n.file_no,
    case when n.bare then n.row_hi else n.key_hi end as id_hi,
    xor(
        case when n.bare then n.row_lo else n.key_lo end::ubigint,
        event_hash(n.bare, n.event_id, n.occurred_at, n.revenue_e4, 0)
    ) as id_lo,
    hash(
        n.transaction_id, n.campaign_id, n.pid, n.occurred_at, n.revenue_e4, n.currency, n.status,
        n.external_clickid, n.clid, n.event_id, n.reason
    ) as content,
    case
        when
            n.revenue_e4 < 0 or n.status is null or m.status = 'approved' or (m.status = 'pending' and $pending_counts)
            then 1
        else 0
    end as counts
from named as n
left join status_meaning as m on n.file_no = m.file_no and status_key(n.status) = m.raw
where
    n.account = $buyer
    and (
        $period_from is null
        or (n.occurred_at >= $period_from and n.occurred_at < $period_to)
        or (n.occurred_at is null and n.period_from >= $period_from and n.period_to <= $period_to)
    )
