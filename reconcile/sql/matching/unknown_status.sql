-- One row per file and status word that claims of the window carry and no table translates.
-- Left out: words that are known; a claim whose word is not is never clean.
select
    status_key(raw_status) as word,
    cast(count(*) as bigint) as rows,
    file_no,
    min(line_no) as line_no
from slow_claim
where state = 3
group by status_key(raw_status), file_no
