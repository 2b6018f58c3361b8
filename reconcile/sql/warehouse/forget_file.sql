-- One row less: a retired file that is gone.
delete from retired_file where path = $path
