-- No row: what closed answers where nothing was ever said of any finding, so that there is no thread.
-- Left out: everything.
select *
from thread
where false
