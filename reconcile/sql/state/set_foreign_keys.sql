-- References are checked; SQLite's default is off, for each connection anew.
pragma foreign_keys = on;
