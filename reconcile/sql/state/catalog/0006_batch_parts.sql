-- How many Parquet files hold a batch's rows; 0 for the single rows.parquet of format 1.
alter table batch add column parts integer not null default 0;
