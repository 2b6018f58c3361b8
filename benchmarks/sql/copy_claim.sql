-- Copies a CSV file of claims into a Parquet file of fitting types, as DuckDB does it by itself.
-- Times are read with their offset: as TIMESTAMP the reader would drop it without a word.
-- $path: the CSV file. $target: the Parquet file.
copy (
    select *
    from read_csv($path, header = true, columns = {
        'buyer': 'VARCHAR', 'transaction_id': 'VARCHAR', 'event_id': 'VARCHAR',
        'campaign_id': 'VARCHAR', 'occurred_at': 'TIMESTAMPTZ', 'revenue': 'DECIMAL(18,4)',
        'currency': 'VARCHAR', 'status': 'VARCHAR'
    })
) to $target (format parquet, compression zstd)
