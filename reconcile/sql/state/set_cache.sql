-- Sets this connection: 2 MB of the file stay in memory, which is what SQLite begins with.
pragma cache_size = -2000;
