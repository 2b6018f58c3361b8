-- Loads a CSV file as DuckDB reads it by itself, dialect and types sniffed. $path: the file.
create or replace temp table loaded as
from read_csv($path)
