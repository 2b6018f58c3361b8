-- Copies files into one of $rows rows in which every line is plain: visible ASCII without blanks, quotes or plus
-- signs. $paths: the files. $target: the new one. Left out: all other rows, and those beyond.
copy (
    select *
    from read_csv($paths, all_varchar = true)
    where regexp_full_match(concat(*columns(*)), '[!#-*.-~-]+')
    limit $rows
) to $target (header, delimiter ',')
