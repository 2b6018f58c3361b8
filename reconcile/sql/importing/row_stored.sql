-- One row per loaded row, as a batch keeps it: batch and file in the place of the file's number.
-- Left out: nothing of canonical_row.
select
    $batch::varchar as batch,
    $file::varchar as file,
    r.* exclude (file_no)
from canonical_row as r
