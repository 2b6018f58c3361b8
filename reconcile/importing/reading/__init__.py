"""The rows of each form of file (text, sheet, JSON lines, Parquet), every line in one class."""
