-- One row, the word ok, or the first fault found in the file; indexes are not compared with tables.
pragma quick_check(1);
