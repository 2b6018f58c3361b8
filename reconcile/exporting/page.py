"""The page of a dispute pack: one file to be read in a browser and printed, all values escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

from reconcile.exporting.columns import Cells, Column, Form
from reconcile.exporting.facts import Facts
from reconcile.exporting.sheets import csv_name, lead_of, notes_of, period_text
from reconcile.pages import page
from reconcile.showing import money
from reconcile.terms import RowClass

PAGE_ROWS = 500
"""Rows of a class on the page; all of them are in the workbook, or in a file of their own."""


_SHOWN = {Form.MONEY: "number", Form.DAY: "whole", Form.TIME: "whole"}
_IDS = ("finding", "transaction_id", "campaign")


@dataclass(frozen=True)
class Cell:
    """A cell: its text, and how it is shown: a `number`, `whole` on one line, an `id`, or so."""

    text: str
    shown: str


@dataclass(frozen=True)
class Section:
    """The lines of one class."""

    anchor: str
    label: str
    lead: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    more: str | None


def write_page(
    path: Path,
    facts: Facts,
    columns: Mapping[RowClass, Sequence[Column]],
    lines: Callable[[RowClass], Iterable[Cells]],
) -> None:
    """Write the page of a pack.

    Args:
        path: The file.
        facts: What the pack adds up to.
        columns: The columns of each class.
        lines: The lines of a class.
    """
    large = {one for one in columns if facts.rows_of(one) > facts.sheet_rows}
    sections = [
        _section(facts, one, columns[one], lines(one), away=one in large) for one in facts.classes
    ]
    text = page(
        "pack.html",
        facts=facts,
        period=period_text(facts),
        notes=notes_of(facts, set(columns) - large),
        sections=sections,
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def _section(
    facts: Facts,
    row_class: RowClass,
    columns: Sequence[Column],
    lines: Iterable[Cells],
    *,
    away: bool,
) -> Section:
    kept = [column for column in columns if column.form is not Form.BLANK]
    rows = [[_cell(row, column) for column in kept] for row in islice(lines, PAGE_ROWS)]
    there = facts.rows_of(row_class)
    place = csv_name(row_class) if away else f"the sheet {row_class.label} of the workbook"
    more = f"The first {len(rows):,} of {there:,} rows; all are in {place}."
    lead = [text for style, text in lead_of(facts, row_class) if style != "title"]
    return Section(
        str(row_class), row_class.label, lead, kept, rows, more if there > len(rows) else None
    )


def _cell(row: Cells, column: Column) -> Cell:
    value = row.get(column.name)
    shown = "id" if column.name in _IDS else _SHOWN.get(column.form, "")
    if value is None:
        return Cell("", shown)
    if isinstance(value, Decimal):
        currency = row.get(column.currency) if column.currency else None
        return Cell(f"{money(value)} {currency or ''}".strip(), shown)
    if isinstance(value, datetime):
        return Cell(f"{value:%Y-%m-%d %H:%M}", shown)
    return Cell(str(value), shown)
