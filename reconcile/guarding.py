"""Text of a file in a CSV that a spreadsheet opens: it stays text, and never becomes a formula.

A cell that begins with one of `STARTS` gets an apostrophe before it, which a spreadsheet does not
show and which an import takes off again. Only texts are guarded: a negative number stays a number.
"""

from __future__ import annotations

from collections.abc import Iterable

APOSTROPHE = "'"

STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001 - what East Asian spreadsheets take alike
"""How a text begins that a spreadsheet may calculate."""


def guarded(text: str) -> str:
    """Return a text as a cell of a CSV file may hold it."""
    return APOSTROPHE + text if text[:1] in STARTS else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of."""
    return cell[1:] if cell[:1] == APOSTROPHE and cell[1:2] in STARTS else cell


def guarded_cells(values: Iterable[object]) -> list[object]:
    """Return the cells of a row: texts guarded, an unknown value empty, all others as they are."""
    return ["" if value is None else _cell(value) for value in values]


def _cell(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value
