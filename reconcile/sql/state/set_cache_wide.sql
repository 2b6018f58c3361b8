-- Sets this connection: up to 256 MB of the file stay in memory, for writing many rows at once.
pragma cache_size = -262144;
