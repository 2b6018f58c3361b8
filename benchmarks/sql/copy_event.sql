-- Copies a CSV file of events into a Parquet file of fitting types, as DuckDB does it by itself.
-- $path: the CSV file. $target: the Parquet file.
copy (
    select *
    from read_csv($path, header = true, columns = {
        'event_id': 'VARCHAR', 'transaction_id': 'VARCHAR', 'campaign_id': 'VARCHAR',
        'pid': 'VARCHAR', 'occurred_at': 'TIMESTAMP', 'revenue': 'DECIMAL(18,4)',
        'currency': 'VARCHAR', 'buyer': 'VARCHAR'
    })
) to $target (format parquet, compression zstd)
