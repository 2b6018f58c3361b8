-- Copies the rows of a time into a file of their own, as they stand. $path, $target: the two files.
-- Left out: rows before $from or from $until on. Rows without a time are taken to have $untimed.
copy (
    select *
    from read_csv($path, all_varchar = true)
    where
        coalesce(try_cast(occurred_at as timestamptz), $untimed::timestamptz) >= $from::timestamptz
        and coalesce(try_cast(occurred_at as timestamptz), $untimed::timestamptz) < $until::timestamptz
) to $target (header, delimiter ',')
