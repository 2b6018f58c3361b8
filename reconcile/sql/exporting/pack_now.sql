-- One row per finding that passes the filters: its state, and when that was decided.
-- Left out: rows that are no finding, and findings that no longer stand.
select ref, state, decided_at
from finding_kept
where ref is not null and state is not null
order by ref
