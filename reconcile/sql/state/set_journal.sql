-- One row, the journal mode now in force; kept in the file, so set once when it is made.
pragma journal_mode = wal;
