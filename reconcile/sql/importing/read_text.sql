-- One row per record of a text file, in the order of the file, every cell as text, empty = NULL.
-- Left out: the first $skip lines. Trap: lines of another width, and blank ones, make it fail or
-- skip them, so the caller compares the count with the file's lines before it trusts the places.
select *
from read_csv(
    $path,
    auto_detect = false,
    all_varchar = true,
    header = false,
    compression = 'none',
    hive_partitioning = false,
    strict_mode = true,
    columns = $spec,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    skip = $skip
)
