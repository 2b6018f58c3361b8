-- Copies a CSV file of leads into a Parquet file of fitting types, as DuckDB does it by itself.
-- $path: the CSV file. $target: the Parquet file.
copy (
    select *
    from read_csv($path, header = true, columns = {
        'transaction_id': 'VARCHAR', 'campaign_id': 'VARCHAR', 'pid': 'VARCHAR',
        'buyer': 'VARCHAR', 'created_at': 'TIMESTAMP', 'status': 'VARCHAR',
        'revenue': 'DECIMAL(18,4)', 'currency': 'VARCHAR', 'cost': 'DECIMAL(18,4)',
        'sub1': 'VARCHAR', 'utm_source': 'VARCHAR'
    })
) to $target (format parquet, compression zstd)
