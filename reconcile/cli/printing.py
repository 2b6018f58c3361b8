"""How answers are printed: tables for people, CSV, JSON and Parquet for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from reconcile.errors import BadParameters

Record = dict[str, Any]

# What is piped to a file or a program is not cut to the width of a screen.
_WIDE = 400
out = Console(highlight=False)
if not out.is_terminal:
    out = Console(highlight=False, width=_WIDE)
err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def complain(text: str) -> None:
    """Print an error as it is; nothing in it is markup."""
    err.print(Text(text), style="red" if err.is_terminal else None, soft_wrap=True)


def say(text: str = "") -> None:
    """Print a sentence as it is."""
    out.print(Text(text), soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done and for how long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda text: progress.update(task, description=text)


def print_rows(
    rows: Sequence[Record],
    columns: Sequence[str],
    *,
    form: Format = Format.TABLE,
    to: Path | None = None,
) -> None:
    """Print rows, or write them to a file; programs get every column, exact and as text.

    Raises:
        BadParameters: Parquet was asked for without a file to write it to.
    """
    if form is Format.PARQUET:
        _write_parquet(rows, to)
    elif form is Format.TABLE and to is None:
        out.print(_table(rows, columns))
    else:
        text = _as_json(rows) if form is Format.JSON else None
        _write_text(rows, columns, text, to)


def money(amount: Decimal | None) -> str:
    """Return an amount for people: thousands apart, two decimals unless it has more."""
    if amount is None:
        return ""
    short = amount.quantize(Decimal("0.01"))
    return f"{short if short == amount else amount.normalize():,f}"


def _table(rows: Sequence[Record], columns: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = any(isinstance(row.get(column), Decimal | int) for row in rows)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column))) for column in columns))
    return table


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    if isinstance(value, Decimal | datetime | date):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _as_json(rows: Sequence[Record]) -> str:
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return json.dumps(plain, indent=2, ensure_ascii=False)


def _write_text(
    rows: Sequence[Record], columns: Sequence[str], text: str | None, to: Path | None
) -> None:
    stream = sys.stdout if to is None else to.open("w", encoding="utf-8", newline="")
    try:
        if text is not None:
            stream.write(text + "\n")
            return
        writer = csv.writer(stream, lineterminator="\n")
        names = list(rows[0]) if rows else list(columns)
        writer.writerow(names)
        for row in rows:
            writer.writerow(["" if row[name] is None else _plain(row[name]) for name in names])
    finally:
        if to is not None:
            stream.close()


def _write_parquet(rows: Sequence[Record], to: Path | None) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if to is None:
        raise BadParameters("Parquet is no text: say where to write it with --out FILE.")
    pq.write_table(pa.Table.from_pylist(list(rows)), to)
