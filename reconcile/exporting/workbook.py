"""Workbooks in which text stays text: no formula, no link, and no number made of an id.

Written row by row, so that their size needs no memory. Amounts are numbers wherever a spreadsheet
can hold them exactly, which is up to fifteen digits; longer ones are text, all their digits kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconcile.exporting.columns import Cells, Column, Form
from reconcile.guarding import sheet_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INK, SOFT, LINE, FAINT, ANSWER = "#16202C", "#4A5666", "#C3CCD6", "#F2F5F8", "#FFF9E5"
ALERT = "#8A1C13"

_EXACT_DIGITS = 15
_CODE = re.compile(r"[A-Z]{3}")
_PLAIN = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}
_LINED: dict[str, object] = {"bottom": 1, "bottom_color": LINE}
_LOOKS: dict[str, dict[str, object]] = {
    "blank": {"bg_color": ANSWER, "text_wrap": True},
    "long": {"text_wrap": True},
    "right": {"align": "right"},
    "time": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}
_A4 = 9
_TITLE_HEIGHT, LINE_HEIGHT, _MOST_LINES = 22, 13, 8


@dataclass(frozen=True)
class Table:
    """A sheet of lines: its name, what stands above its header, and its columns.

    `lead` is pairs of a style (`title`, `text`, `soft`) and a text, one a row.
    """

    name: str
    lead: Sequence[tuple[str, str]]
    columns: Sequence[Column]


@dataclass
class Book:
    """A workbook that is being written."""

    book: Any
    foot: str
    _formats: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)
    _cells: dict[tuple[str, str | None], Format] = field(default_factory=dict)

    def style(self, **looks: object) -> Format:
        """Return a format; the same looks are one format."""
        key = tuple(sorted((_PLAIN | looks).items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(key))
        return self._formats[key]

    def money(self, currency: str | None, **looks: object) -> Format:
        """Return the format of amounts of a currency, below zero in red."""
        unit = f'\\ "{currency}"' if currency and _CODE.fullmatch(currency) else ""
        form = f"#,##0.00##{unit}_);[Red]-#,##0.00##{unit}_)"  # `_)`: room before what follows
        return self.style(num_format=form, align="right", **looks)

    def sheet(self, name: str, *, landscape: bool = True) -> Worksheet:
        """Return a new sheet, set up for A4 paper: as wide as the paper, its pages numbered."""
        made = self.book.add_worksheet(name)
        if landscape:
            made.set_landscape()
        made.set_paper(_A4)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.35, right=0.35, top=0.5, bottom=0.6)
        made.set_footer(f"&L&8{_in_footer(self.foot)}&C&8&A&R&8Page &P of &N")
        made.hide_gridlines(2)
        return made

    def write_table(self, table: Table, rows: Iterable[Cells]) -> int:
        """Write a sheet of lines under a header that stays in sight; return how many there are."""
        sheet = self.sheet(table.name)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
        for number, (style, text) in enumerate(table.lead):
            self.write_lead(sheet, number, style, text)
        top = len(table.lead) + 1 if table.lead else 0
        self.write_header(sheet, top, table.columns)
        last = top
        for last, row in enumerate(rows, top + 1):
            self._write_row(sheet, last, table.columns, row)
        end = max(last, top + 1), len(table.columns) - 1
        sheet.ignore_errors({"number_stored_as_text": _area((top + 1, 0), end)})
        sheet.autofilter(top, 0, *end)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        printed = [n for n, column in enumerate(table.columns) if column.form is not Form.BLANK]
        sheet.print_area(0, 0, end[0], printed[-1])
        return last - top

    def write_text(self, sheet: Worksheet, at: tuple[int, int], text: str, **looks: object) -> None:
        """Write a text as it is."""
        sheet.write_string(*at, sheet_text(text), self.style(**looks))

    def write_lead(self, sheet: Worksheet, row: int, style: str, text: str) -> None:
        """Write one line of a sheet's head: its `title`, a `section`, a `text`, or a `soft` one."""
        looks: dict[str, dict[str, object]] = {
            "title": {"bold": True, "font_size": 14},
            "section": {"bold": True, "font_size": 11},
            "text": {},
            "soft": {"font_color": SOFT},
        }
        if style == "title":
            sheet.set_row(row, _TITLE_HEIGHT)
        self.write_text(sheet, (row, 0), text, **looks[style])

    def write_header(self, sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
        """Write the titles of columns."""
        looks = {"bold": True, "bg_color": FAINT, "bottom": 2, "bottom_color": INK}
        for place, column in enumerate(columns):
            right = {"align": "right", "indent": 1} if column.form is Form.MONEY else {}
            titled = self.style(**looks, **right, text_wrap=True)
            sheet.write_string(row, place, column.title, titled)

    def _write_row(
        self, sheet: Worksheet, number: int, columns: Sequence[Column], row: Cells
    ) -> None:
        wanted = max((_lines(row.get(column.name), column) for column in columns), default=1)
        if wanted > 1:
            sheet.set_row(number, min(wanted, _MOST_LINES) * LINE_HEIGHT)
        for place, column in enumerate(columns):
            value = row.get(column.name)
            currency = row.get(column.currency) if column.currency else None
            self.write(sheet, (number, place), column.form, value, currency=currency)

    def write(
        self,
        sheet: Worksheet,
        at: tuple[int, int],
        form: Form,
        value: object,
        *,
        currency: str | None = None,
    ) -> None:
        """Write one cell in its form, with a line below it; an unknown value is an empty cell."""
        if form is Form.BLANK or value is None:
            sheet.write_blank(*at, None, self._cell("blank" if form is Form.BLANK else "none"))
        elif isinstance(value, Decimal):
            if is_exact(value):
                sheet.write_number(*at, value, self._cell("money", currency))
            else:
                sheet.write_string(*at, _in_full(value, currency), self._cell("right"))
        elif isinstance(value, date):
            kind = "time" if isinstance(value, datetime) else "day"
            sheet.write_datetime(*at, value, self._cell(kind))
        else:
            kind = "long" if form is Form.LONG else "text"
            sheet.write_string(*at, sheet_text(str(value)), self._cell(kind))

    def _cell(self, kind: str, currency: str | None = None) -> Format:
        """Return the format of the cells of a table: asked for each of them, so made but once."""
        key = kind, currency
        if key not in self._cells:
            looks = _LOOKS.get(kind, {})
            made = (
                self.money(currency, **_LINED) if kind == "money" else self.style(**_LINED | looks)
            )
            self._cells[key] = made
        return self._cells[key]

    def write_amount(
        self,
        sheet: Worksheet,
        at: tuple[int, int],
        amount: Decimal | None,
        *,
        looks: Mapping[str, object],
        currency: str | None = None,
    ) -> None:
        """Write an amount: as a number, or as text where a spreadsheet would round it."""
        if amount is None:
            sheet.write_blank(*at, None, self.style(**looks))
        elif is_exact(amount):
            sheet.write_number(*at, amount, self.money(currency, **looks))
        else:
            right = self.style(**looks, align="right")
            sheet.write_string(*at, _in_full(amount, currency), right)


@contextmanager
def new_book(path: Path, *, title: str, foot: str, made_at: datetime) -> Iterator[Book]:
    """Write a workbook meanwhile; it names no author and no program but its own kind.

    Args:
        path: The file, which is replaced.
        title: What the document is called.
        foot: What stands at the foot of each page.
        made_at: When it was made (naive UTC).
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "author": "", "comments": "", "created": made_at})
        book.set_size(2400, 1400)
        yield Book(book, foot)


def _in_full(amount: Decimal, currency: str | None) -> str:
    return f"{amount:,f} {currency or ''}".strip()


def lines_of(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of a width, which most letters are below."""
    return sum(max(1, -(-len(line) // int(width * 1.2))) for line in text.split("\n"))


def _lines(value: object, column: Column) -> int:
    if value is None or column.form is not Form.LONG:
        return 1
    return lines_of(str(value), column.width)


def is_exact(amount: Decimal) -> bool:
    """Return whether a spreadsheet, which reckons with 15 digits, holds an amount as it is."""
    return len(amount.normalize().as_tuple().digits) <= _EXACT_DIGITS


def _in_footer(text: str) -> str:
    """Return a text as a footer shows it: `&` would begin a code."""
    return " ".join(text.split())[:100].replace("&", "&&")


def _area(start: tuple[int, int], end: tuple[int, int]) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(*start, *end))
