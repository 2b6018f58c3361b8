-- One row per file and status word that claims of the window carry and no table translates.
-- Left out: words that are known.
select
    status_key(c.status) as word,
    cast(count(*) as bigint) as rows,
    c.file_no,
    min(c.line_no) as line_no
from claim as c
inner join claim_fact as f on c.file_no = f.file_no and c.line_no = f.line_no -- rule: status_asked_in_window
left join status_word as s on c.file_no = s.file_no and status_key(c.status) = s.raw
where c.status is not null and s.raw is null
group by status_key(c.status), c.file_no
