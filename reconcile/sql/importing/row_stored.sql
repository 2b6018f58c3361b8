-- One row per loaded row, as a batch keeps it: batch and file in the place of the file's number.
-- Left out: nothing of canonical_row but the columns $absent, NULL throughout.
select
    $batch::varchar as batch,
    $file::varchar as file,
    columns(lambda name: not list_contains($absent::varchar[], name))
from (select * exclude (file_no) from canonical_row) as r
