-- One row per file that was retired before a time. Left out: those a reader may still have open.
select path from retired_file where retired_at < $before order by path
