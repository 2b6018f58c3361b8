-- One row per line that is no data or may be none, with what tells it. Left out: data without doubt.
select
    line_no,
    class,
    transaction_id,
    occurred_at,
    fault
from faulted
where class is not null or is_suspect
