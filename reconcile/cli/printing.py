"""How answers are printed: tables for people, CSV, JSON and Parquet for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from reconcile.errors import BadParameters
from reconcile.firing import Progress as FiringProgress
from reconcile.guarding import guarded_cells

Record = dict[str, Any]

Fields = Mapping[str, type]
"""The columns that a program gets, in their order, by what they hold."""

# What is piped to a file or a program is not cut to the width of a screen.
_WIDE = 1_000_000
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


def is_screen() -> bool:
    """Return whether a person reads what is printed, not a file or a program."""
    return out.is_terminal


@contextmanager
def byte_bar(text: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how much of a file has been read; what is yielded takes bytes and size."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(text, total=None)
        yield lambda done, size: progress.update(task, completed=done, total=size)


@contextmanager
def firing_bar() -> Iterator[Callable[[FiringProgress], None]]:
    """Show on a terminal how far firing is: rate, states and the time it still takes."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("firing", total=None)

        def watch(now: FiringProgress) -> None:
            states = ", ".join(f"{count:,} {state}" for state, count in now.states.items())
            left = "" if now.seconds_left is None else f", {now.seconds_left:,.0f} s left"
            text = f"{now.rate:,.1f}/s{left}; {states}"
            progress.update(task, description=text, completed=now.done, total=now.done + now.left)

        yield watch


@contextmanager
def progress_bar() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done and for how long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda text: progress.update(task, description=text)


def shown_of(
    rows: Sequence[Record], columns: Sequence[str], said: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return the columns of a table: what is said of no row of it takes no room.

    Args:
        rows: The rows of the table.
        columns: Those that are always there.
        said: Behind which of them others stand if any row has something in them.
    """
    shown = list(columns)
    for after, names in said.items():
        place = shown.index(after) + 1
        shown[place:place] = [n for n in names if any(row[n] is not None for row in rows)]
    return tuple(shown)


def print_rows(
    rows: Sequence[Record],
    columns: Sequence[str],
    *,
    form: Format = Format.TABLE,
    fields: Fields | None = None,
    to: Path | None = None,
) -> None:
    """Print rows, or write them to a file; programs get every column, exact and as text.

    A table has `columns`; CSV and Parquet have `fields`, whether there are rows or not.

    Raises:
        BadParameters: Parquet was asked for without a file to write it to, or the file cannot be
            written; what was there before is still there.
    """
    known = fields or dict.fromkeys(columns, str)
    if form is Format.TABLE and to is None:
        out.print(_table(rows, columns))
    elif to is not None:
        _write_file(to, lambda path: _write(rows, known, form, path))
    elif form is Format.PARQUET:
        raise BadParameters("Parquet is no text: say where to write it with --out FILE.")
    else:
        _write_text(rows, known, form, sys.stdout)


def write_page(text: str, to: Path) -> None:
    """Write a page to a file, whole or not at all.

    Raises:
        BadParameters: It cannot be written; what was there before is still there.
    """
    _write_file(to, lambda path: path.write_text(text, encoding="utf-8"))


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


def _write_file(to: Path, write: Callable[[Path], object]) -> None:
    """Write aside and move into place, so that a file is either the old one or whole."""
    aside = to.with_name(f".{to.name[:100]}.writing")
    try:
        write(aside)
        aside.replace(to)
    except OSError as error:
        raise BadParameters(
            f"--out {to}: cannot be written ({error.strerror or error}). Name another file."
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink()


def _write(rows: Sequence[Record], fields: Fields, form: Format, path: Path) -> None:
    if form is Format.PARQUET:
        _write_parquet(rows, fields, path)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        _write_text(rows, fields, form, stream)


def _write_text(rows: Sequence[Record], fields: Fields, form: Format, stream: TextIO) -> None:
    if form is Format.JSON:
        stream.write(_as_json(rows) + "\n")
        return
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(fields)
    for row in rows:
        writer.writerow(guarded_cells(row[name] for name in fields))


def _write_parquet(rows: Sequence[Record], fields: Fields, path: Path) -> None:
    """Types do not depend on the rows, so that files of several runs can be read as one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        str: pa.string(),
        int: pa.int64(),
        Decimal: pa.decimal128(38, 4),
        date: pa.date32(),
        datetime: pa.timestamp("us"),
    }
    schema = pa.schema([(name, types[of]) for name, of in fields.items()])
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
