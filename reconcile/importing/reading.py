"""The rows below the header as one table of texts, each with the line it starts on.

A clean file is read by the engine: then every line is one record, which is proven by counting
both. Any other one is read record by record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa

from reconcile.engine import Engine
from reconcile.importing.lines import Record, records
from reconcile.importing.locating import Header
from reconcile.importing.opening import Opened

RAW = "raw_line"
"""Engine table of the texts: `c0`, `c1`, .. and, if it was read record by record, `line_no`."""

CHUNK = 20_000

_TOTALS = ("total", "grand total", "subtotal", "totals", "summe", "gesamt", "sum")

Reject = tuple[int, str, str]
"""Line, its text, the reason."""


@dataclass
class Raw:
    """What reading found beside the rows of the table."""

    numbered: str | int
    """Column of the line numbers, or the number of lines above the first row."""
    classes: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)


def column_names(header: Header) -> list[str]:
    """Return the names of the raw table's columns."""
    return [f"c{place}" for place in range(len(header.cells))]


def read_text(engine: Engine, opened: Opened, header: Header) -> Raw:
    """Read a text file into `raw_line`."""
    raw = Raw(header.last_line)
    if opened.is_even and _read_fast(engine, opened, header):
        return raw
    rows = records(opened.text_lines(), header.delimiter or ",")
    return read_records(engine, (row for row in rows if row.line_no > header.last_line), header)


def _read_fast(engine: Engine, opened: Opened, header: Header) -> bool:
    """Let the engine read; trust it only if it saw one record on each line."""
    done = engine.read_text(
        RAW,
        opened.path,
        columns=column_names(header),
        delimiter=header.delimiter or ",",
        skip=header.last_line,
    )
    if not done:
        return False
    ((count,),) = engine.query("importing/raw_count")
    return bool(count == opened.lines - header.last_line)


def read_records(engine: Engine, rows: Iterable[Record], header: Header) -> Raw:
    """Load records of the header's width into `raw_line`; class or reject all others."""
    raw = Raw("line_no")
    width = len(header.cells)
    whole = _whole(rows, width, raw)
    batches = []
    while chunk := list(islice(whole, CHUNK)):
        batches.append(_batch(chunk, column_names(header)))
    engine.load_arrow(RAW, pa.Table.from_batches(batches, schema=_schema(column_names(header))))
    return raw


def _schema(names: list[str]) -> pa.Schema:
    return pa.schema([("line_no", pa.int64()), *((name, pa.string()) for name in names)])


def _batch(chunk: list[Record], names: list[str]) -> pa.RecordBatch:
    columns = zip(*(row.cells for row in chunk), strict=True)
    texts = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    numbers = pa.array([row.line_no for row in chunk], pa.int64())
    return pa.RecordBatch.from_arrays([numbers, *texts], schema=_schema(names))


def _whole(rows: Iterable[Record], width: int, raw: Raw) -> Iterator[Record]:
    """Yield the records that have a cell for every header, and no more."""
    for row in rows:
        if row.span > 1:
            raw.classes["continuation"] += row.span - 1
        if row.fault is None and len(row.cells) == width:
            yield row
        elif row.fault is None and len(row.cells) > width and not any(row.cells[width:]):
            yield row._replace(cells=row.cells[:width])
        else:
            _set_apart(row, width, raw)


def _set_apart(row: Record, width: int, raw: Raw) -> None:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    if not filled:
        raw.classes["blank"] += 1
        return
    if filled[0].rstrip(":").lower() in _TOTALS:
        raw.classes["total"] += 1
        return
    found = len(row.cells)
    raw.classes["short" if row.fault or found < width else "long"] += 1
    reason = row.fault or f"{found} cells where the header has {width}"
    raw.rejects.append((row.line_no, " | ".join(row.cells)[:500], reason))
