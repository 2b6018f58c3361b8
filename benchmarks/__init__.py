"""Measurements against the goals: our jobs and those of other tools, on the very same files."""
