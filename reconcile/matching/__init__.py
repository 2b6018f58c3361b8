"""Scope, pairing, classes and bridge: from two tables of rows to verdicts."""
