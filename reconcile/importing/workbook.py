"""XLSX sheets as records of text; a number becomes text as the sheet would show it in full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from reconcile.errors import BadFile, BadMapping, NoHeader, QuestionOpen
from reconcile.importing.lines import Record

EXACT_BELOW = 10**15
"""A sheet keeps 15 digits of a number; a longer id is rounded already in the file."""


def open_sheet(path: Path, *, name: str, wanted: str | None) -> tuple[str, CalamineSheet]:
    """Return the one visible sheet of a workbook, or the one that is wanted.

    Raises:
        BadFile: The workbook cannot be read.
        BadMapping: There is no such sheet.
        QuestionOpen: Several sheets are visible, and none was named.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible
        ]
        chosen = _chosen(visible, workbook.sheet_names, name, wanted)
        return chosen, workbook.get_sheet_by_name(chosen)
    except CalamineError as error:
        raise BadFile(f"{name}: the workbook cannot be read ({error}).") from error


def _chosen(visible: list[str], every: list[str], name: str, wanted: str | None) -> str:
    if wanted is not None:
        if wanted not in every:
            raise BadMapping(f"{name}: has no sheet {wanted!r}; it has {', '.join(every)}.")
        return wanted
    if not visible:
        raise NoHeader(f"{name}: the workbook has no visible sheet.")
    if len(visible) > 1:
        raise QuestionOpen(
            f"{name}: has several sheets: {', '.join(visible)}. State the one that holds the rows "
            f'in the mapping: sheet = "{visible[0]}"'
        )
    return visible[0]


def sheet_records(sheet: CalamineSheet) -> Iterator[Record]:
    """Yield the rows of a sheet as text; numbers are those of the sheet."""
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        yield Record(number, 1, [cell_text(value) for value in row])


def cell_text(value: object) -> str:
    """Return a cell as text.

    A whole number of 16 digits or more keeps the form 1.2E+15, by which it is rejected as an id.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value)
    if isinstance(value, datetime):
        return _time_text(value)
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return str(value)


def _number_text(value: float) -> str:
    if value == int(value):
        return str(int(value)) if abs(value) < EXACT_BELOW else f"{value:.14E}"
    # 15 digits are what a sheet keeps: 0.1 + 0.2 is 0.3 there, not 0.30000000000000004.
    return format(Decimal(format(value, ".15g")), "f")


def _time_text(value: datetime) -> str:
    """Return an ISO time; a sheet keeps days as a float, so microseconds are noise."""
    rounded = value + timedelta(microseconds=500)
    rounded = rounded.replace(microsecond=rounded.microsecond // 1000 * 1000)
    return rounded.isoformat(sep=" ")
