"""Rows in a workbook: money as numbers, ids as text, and nothing of a file a formula or link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.cli.printing import Fields, Record
from reconcile.errors import BadParameters
from reconcile.guarding import sheet_text

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""
_DIGITS = 15
_WIDTHS = {str: 22, Decimal: 14, datetime: 20, date: 12, int: 15}
_ALIGNED = {kind: "right" if kind in (Decimal, int) else "left" for kind in _WIDTHS}


def write_workbook(path: Path, sheets: Mapping[str, tuple[Fields, Sequence[Record]]]) -> None:
    """Write sheets by name, each with a header that stays in sight and can be filtered.

    Raises:
        BadParameters: A sheet has more rows than a workbook can hold, or it cannot be written;
            what was there before is still there.
    """
    import xlsxwriter

    for name, (_, rows) in sheets.items():
        if len(rows) > MOST_ROWS:
            raise BadParameters(
                f"{path}: a sheet holds {MOST_ROWS:,} rows, and {name} has {len(rows):,}. "
                "Write --format csv --out FILE instead."
            )
    aside = path.with_name(f".{path.name[:100]}.writing")
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        options = plain | {"constant_memory": True}
        with aside.open("wb") as stream, xlsxwriter.Workbook(stream, options) as book:
            for name, (fields, rows) in sheets.items():
                _write_sheet(book, name, fields, rows)
        aside.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise BadParameters(f"--xlsx {path}: cannot be written ({error}).") from error
    finally:
        aside.unlink(missing_ok=True)


def _write_sheet(book: Any, name: str, fields: Fields, rows: Sequence[Record]) -> None:
    sheet = book.add_worksheet(name)
    make = book.add_format
    bold = {kind: make({"bold": True, "bottom": 1, "align": _ALIGNED[kind]}) for kind in _WIDTHS}
    forms = {
        Decimal: make({"num_format": "#,##0.00##"}),
        datetime: make({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: make({"num_format": "yyyy-mm-dd"}),
        int: make({"num_format": "0"}),
        str: make({"num_format": "@"}),
    }
    for place, (field, kind) in enumerate(fields.items()):
        sheet.set_column(place, place, _WIDTHS[kind], forms[kind])
        sheet.write_string(0, place, field.replace("_", " "), bold[kind])
    for number, row in enumerate(rows, 1):
        for place, (field, kind) in enumerate(fields.items()):
            _write_cell(sheet, (number, place), row[field], forms[kind])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(fields) - 1)


def _write_cell(sheet: Any, at: tuple[int, int], value: object, form: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime | date):
        sheet.write_datetime(*at, value, form)
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) > _DIGITS:
        sheet.write_string(*at, str(value))
    elif isinstance(value, Decimal | int):
        sheet.write_number(*at, value, form)
    else:
        sheet.write_string(*at, sheet_text(str(value)), form)
