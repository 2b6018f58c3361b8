"""Rows as a file to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from reconcile.guarding import guarded_cells


def csv_bytes(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as CSV in which no spreadsheet finds a formula; the first names the columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows):
        if not number:
            writer.writerow(row)
        writer.writerow(guarded_cells(row.values()))
    return text.getvalue().encode()
