"""Text of a file that a spreadsheet opens: it stays text, and never becomes a formula or markup.

In a CSV a cell that begins with one of `STARTS` gets an apostrophe before it, which an import takes
off again. Only texts are guarded: a negative number stays a number.
"""

from __future__ import annotations

from collections.abc import Iterable

APOSTROPHE = "'"

STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001 - what East Asian spreadsheets take alike
"""How a text begins that a spreadsheet may calculate."""


LONGEST = 32_000
"""Characters of a cell of a workbook, which takes 32,767."""


def guarded(text: str) -> str:
    """Return a text as a cell of a CSV file may hold it."""
    return APOSTROPHE + text if text[:1] in STARTS else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of."""
    return cell[1:] if cell[:1] == APOSTROPHE and cell[1:2] in STARTS else cell


def guarded_cells(values: Iterable[object]) -> list[object]:
    """Return the cells of a row: texts guarded, an unknown value empty, all others as they are."""
    return ["" if value is None else _cell(value) for value in values]


def sheet_text(text: str) -> str:
    """Return a text as a cell of a workbook may hold it.

    What is too long for a cell is cut, and that is told. xlsxwriter takes a text between `<r>` and
    `</r>` for markup of its own, in `write_string` as well: a blank behind it keeps it a text.
    """
    if len(text) > LONGEST:
        return f"{text[:LONGEST]} … ({len(text):,} characters)"
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _cell(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value
