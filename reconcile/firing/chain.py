"""The chain of the audit: each entry carries a hash over itself and the entry before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from reconcile.state import Row

GENESIS = "0" * 64
"""What the first entry is linked to."""

_ENCODER = json.JSONEncoder()


def link_of(before: str, entry: Mapping[str, str] | Row) -> str:
    """Return the link of an entry with `at`, `user`, `action` and `detail`, all of them text."""
    names = ("action", "at", "detail", "user")
    # As json.dumps would write it with sorted keys, which takes five times as long.
    text = ", ".join([f'"{name}": {_ENCODER.encode(entry[name])}' for name in names])
    return hashlib.sha256(f"{before}\n{{{text}}}".encode()).hexdigest()


def first_break(entries: Iterable[Row]) -> int | None:
    """Return the number of the first entry that does not fit its link; None if all do.

    Args:
        entries: All of them, oldest first; their numbers have no gap.
    """
    before, after = GENESIS, 0
    for entry in entries:
        if entry["id"] != after + 1 or entry["link"] != link_of(before, entry):
            return int(entry["id"])
        before, after = entry["link"], entry["id"]
    return None
