"""Bytes to whole lines: what a file is, what packs it, which encoding it has."""
