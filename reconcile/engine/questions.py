"""Where the text of the SQL questions comes from: one file each, under `reconcile/sql`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def question(name: str) -> str:
    """Return the text of one question, `room/name`."""
    return (files("reconcile") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
