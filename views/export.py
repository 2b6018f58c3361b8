"""Rows as a file to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from reconcile.guarding import guarded_cells

MOST_ROWS = 200_000
"""Rows of a download; beyond, the command line writes the file."""


def too_many(rows: int, command: str) -> str | None:
    """Say why a download is not offered, and what writes its rows instead; None where it is."""
    if rows <= MOST_ROWS:
        return None
    return f"More than {MOST_ROWS:,} rows. The command line writes them: {command} FILE"


def csv_bytes(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as CSV in which no spreadsheet finds a formula; the first names the columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows):
        if not number:
            writer.writerow(row)
        writer.writerow(guarded_cells(row.values()))
    return text.getvalue().encode()
