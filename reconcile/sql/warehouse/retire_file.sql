-- One row: a file that nothing in the catalog points to any more.
insert or ignore into retired_file (path, retired_at) values ($path, $retired_at)
