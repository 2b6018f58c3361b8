-- No row: the columns of funnel_only_buyer, where buyers play no part in what makes rows one lead.
select
    null::bigint as key_hi,
    null::bigint as key_lo,
    null::varchar as sold_to
where false
