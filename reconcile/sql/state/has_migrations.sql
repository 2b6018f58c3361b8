-- One row if the table of migrations exists, none in a fresh file.
select name from sqlite_master where type = 'table' and name = 'migration';
