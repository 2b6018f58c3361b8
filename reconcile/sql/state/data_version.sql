-- One row: a number that changes whenever another connection has committed to the file.
pragma data_version;
