-- Every commit reaches the disk before it returns; NORMAL would lose the last ones in a power cut.
pragma synchronous = full;
