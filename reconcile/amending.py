"""The correction list: what stands in Pingtree and no postback can change, and what is right.

An API that only adds events cannot take one away or change its amount: duplicates, orphans, wrong
amounts, and events whose denial somebody accepted are for a person with access to the platform.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

from reconcile.asked import asked_of
from reconcile.errors import BadParameters
from reconcile.exporting.columns import CORRECTIONS, Cells, csv_cells, csv_header
from reconcile.exporting.workbook import Table, new_book
from reconcile.filtering import EVERYTHING, FindingFilter, check_buyer, finding_tables
from reconcile.guarding import guarded_cells
from reconcile.showing import money
from reconcile.terms import RowClass
from reconcile.warehouse import Store
from reconcile.warehouse.records import now_utc

Record = dict[str, Any]

_LIMIT = 1_000_000
"""Rows of a sheet, below what any spreadsheet takes."""


@dataclass(frozen=True)
class Corrections:
    """What is to be corrected, by the names of `columns.CORRECTIONS`, and what was left out why."""

    rows: tuple[Cells, ...]
    left_out: dict[str, int]


def corrections(store: Store, run_id: str, *, only: FindingFilter = EVERYTHING) -> Corrections:
    """Return what no postback can change in Pingtree: duplicates, orphans and wrong amounts.

    What was rejected or ignored is left out and counted, and so is what the buyer is asked about
    (denials, lower amounts and other currencies as long as nobody has accepted them), what was
    decided on facts that have moved since, and pairs whose right amount nobody names.

    Raises:
        NotFound: There is no such run, or nothing of such a buyer in it.
        WarehouseError: The file of a batch is missing.
    """
    record = store.run(run_id)
    with finding_tables(store, run_id, only, kept=True) as engine:
        engine.once("exporting/macros")
        store.attach(engine, asked_of(store, record).batches)
        found = engine.records("exporting/correction")
    if only.buyer is not None and not found:
        check_buyer(store, run_id, only.buyer)
    left_out: Counter[str] = Counter()
    rows = []
    for row in found:
        if row["not_corrected"] is None:
            rows.append(_line(row))
        else:
            left_out[row["not_corrected"]] += 1
    return Corrections(tuple(rows), dict(sorted(left_out.items())))


def write_corrections(found: Corrections, path: Path, *, run_id: str) -> None:
    """Write a correction list as CSV or XLSX, by the ending of the file's name.

    Raises:
        BadParameters: The name ends otherwise, the file cannot be written, or a sheet cannot hold
            so many rows; what was there before is still there.
    """
    writers: dict[str, Callable[[Path], None]] = {
        ".csv": lambda to: _write_csv(to, found.rows),
        ".xlsx": lambda to: _write_book(to, found, run_id),
    }
    write = writers.get(path.suffix.lower())
    if write is None:
        raise BadParameters(f"--out {path}: name it .csv or .xlsx; a correction list is no other.")
    if path.suffix.lower() == ".xlsx" and len(found.rows) > _LIMIT:
        raise BadParameters(
            f"--out {path}: {len(found.rows):,} rows are too many for a sheet; .csv."
        )
    aside = path.with_name(f".{path.name[:100]}.writing")
    try:
        write(aside)
        aside.replace(path)
    except OSError as error:
        raise BadParameters(
            f"--out {path}: cannot be written ({error.strerror or error}). Name another file."
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink()


def _line(row: Record) -> Cells:
    right: Decimal | None = row["right_amount"]
    same = row["right_currency"] in (None, row["currency"])
    change = (right or Decimal(0)) - (row["amount"] or Decimal(0)) if same else None
    return {
        **{name: row[name] for name in ("finding", "class", "buyer", "source", "transaction_id")},
        **{name: row[name] for name in ("event", "campaign", "amount", "currency", "correction")},
        "time_utc": row["time_utc"],
        "right_amount": right,
        "right_currency": row["right_currency"],
        "change": change,
        "change_currency": row["currency"] if change is not None else None,
        "why": _why(row),
        "event_record": _place(row["event_file"], row["event_line"]),
        "other_record": _place(row["other_file"], row["other_line"]),
        "state": row["state"],
    }


def _why(row: Record) -> str:
    """Say in one sentence why an event is to be corrected."""
    row_class = RowClass(row["class"])
    stands = f"It stands with {_amount(row['amount'], row['currency'])}"
    other = _place(row["other_file"], row["other_line"])
    if row_class is RowClass.DUPLICATE_EVENT:
        return f"The event does not repeat, and the same one stands in {other}; keep that."
    if row_class is RowClass.ORPHAN_EVENT:
        return "The lead exports cover its time and do not have this lead."
    if row_class is RowClass.STATUS_CONFLICT:
        return f"The buyer denies it ({row['reason']}) in {other}, and that was accepted."
    right = _amount(row["right_amount"], row["right_currency"])
    return f"{stands}; the buyer pays {right} ({other})."


def _amount(amount: Decimal | None, currency: str | None) -> str:
    return "no amount" if amount is None else f"{money(amount)} {currency or ''}".strip()


def _place(file: str | None, line: int | None) -> str | None:
    return None if file is None else f"{PurePath(file).name} line {line}"


def _write_csv(path: Path, rows: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(csv_header(CORRECTIONS))
        writer.writerows(guarded_cells(csv_cells(CORRECTIONS, row)) for row in rows)


def _write_book(path: Path, found: Corrections, run_id: str) -> None:
    title = "Corrections for Pingtree"
    lead = [
        ("title", title),
        ("text", "What no postback can change: correct it in Pingtree, row by row."),
        (
            "soft",
            f"Run {run_id}; {len(found.rows):,} corrections. For the house: it names sources.",
        ),
    ]
    lead += [("soft", f"Left out: {count:,} {why}.") for why, count in found.left_out.items()]
    with new_book(path, title=title, foot=f"{title}, run {run_id}", made_at=now_utc()) as book:
        book.write_table(Table("Corrections", lead, CORRECTIONS), found.rows)
