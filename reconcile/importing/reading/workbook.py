"""Sheets as records of text; a number becomes text as the sheet would show it in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from reconcile.errors import BadFile, BadMapping, NoHeader
from reconcile.importing.fields import IDS, MONEY
from reconcile.importing.found import Oddities, Reject
from reconcile.importing.locating.tables import Header, locate_in_sheet
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.opening.coins import is_known
from reconcile.importing.opening.files import Opened
from reconcile.importing.opening.lines import Record
from reconcile.importing.opening.looks import Looks, looks_of, padded
from reconcile.importing.opening.parts import Parts, parts_of
from reconcile.importing.questions import Choice, Question, asked

EXACT_BELOW = 10**15
"""A sheet keeps 15 digits of a number; a longer id is rounded already in the file."""

SHOWN_ROWS = 3

_FROM_1904 = 1462
"""Days from 1899-12-30 to 1904-01-01."""

_LAST_SERIAL = 100_000
"""Days beyond 2170: no serial of a time, but seconds, or digits such as 20260304."""

_ERROR = "an error of the workbook, not a value"
_NO_VALUE = "a formula without a value; open the workbook, save it, and import it again"
_SHARE = "a share in percent, not an amount"
_DATED = "Excel made a date of this id; export it as text"
_UNSHOWN = "an id whose number format cannot be followed; export it as text"


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, with what it shows beside its values, and what its file says of it."""

    title: str
    values: list[list[object]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    """First and last cell of each merged range, counted from 0."""
    looks: Looks = field(default_factory=Looks)
    parts: Parts = field(default_factory=Parts)

    @cached_property
    def records(self) -> list[Record]:
        """Return its rows as text; errors and formulas without a value as they are written."""
        told = {**self.looks.errors, **self.looks.formulas, **self.looks.shares}
        if not told:
            return [
                Record(n, 1, [cell_text(v) for v in row]) for n, row in enumerate(self.values, 1)
            ]
        return [
            Record(n, 1, [told.get((n, place)) or cell_text(v) for place, v in enumerate(row, 1)])
            for n, row in enumerate(self.values, 1)
        ]

    def below(self, header: Header, columns: Columns) -> list[Record]:
        """Return the rows below the header: merged cells filled downwards, ids as they are shown.

        An amount that is merged over rows belongs to none of them alone, and is made no amount.
        """
        rows = [row._replace(cells=list(row.cells)) for row in self.records[header.last_line :]]
        money = _places(columns, MONEY)
        for (first, left), (last, _) in self.merged:
            above = max(first, header.last_line)
            if last <= above or first < header.last_line or not self.records[first].cells[left]:
                continue
            text = self.records[first].cells[left]
            if left in money:
                text = f"{text} (merged over rows {first + 1} to {last + 1})"
            for place in range(first, last + 1):
                rows[place - header.last_line].cells[left] = text
        for (line, column), code in self.looks.formats.items():
            if line > header.last_line and column - 1 in _places(columns, IDS):
                shown = padded(self._number(line, column), code)
                rows[line - 1 - header.last_line].cells[column - 1] = shown or ""
        self._show_coins(rows, header, columns)
        if self.parts.is_from_1904:
            self._move_serials(rows, columns)
        return rows

    def _show_coins(self, rows: list[Record], header: Header, columns: Columns) -> None:
        """Write the currencies that number formats show before their amounts."""
        money = _places(columns, MONEY)
        for (line, column), coin in self.looks.coins.items():
            if line > header.last_line and column - 1 in money and is_known(coin):
                cells = rows[line - 1 - header.last_line].cells
                cells[column - 1] = f"{coin} {cells[column - 1]}"

    def _has_currency(self, columns: Columns) -> bool:
        return "currency" in columns.fields or "currency" in columns.constants

    def _move_serials(self, rows: list[Record], columns: Columns) -> None:
        """Count serials that no format shows as dates from 1899-12-30, as all others are."""
        for place in columns.fields.get("occurred_at", ()):
            for row in rows:
                value = self.values[row.line_no - 1][place]
                if isinstance(value, (int, float)) and 1 < value < _LAST_SERIAL:
                    row.cells[place] = cell_text(value + _FROM_1904)

    def hidden(self, header: Header) -> tuple[int, ...]:
        """Return the rows below the header that hold something and are not shown."""
        return tuple(line for line in sorted(self.parts.hidden) if self._is_row(line, header))

    def remarks(self, columns: Columns) -> tuple[str, ...]:
        """Return what a person should know of how the sheet was read, as sentences."""
        said = []
        if self.parts.is_from_1904 and "occurred_at" in columns.fields:
            said.append("The workbook counts its days from 1904-01-01; so its times were read.")
        money = _places(columns, MONEY)
        coins = {coin for (_, column), coin in self.looks.coins.items() if column - 1 in money}
        if coins:
            named = ", ".join(sorted(coins))
            said.append(f"Number formats show the currency of the amounts: {named}.")
        return tuple(said)

    def number_ids(self, header: Header, columns: Columns) -> tuple[int, ...]:
        """Return the rows below the header whose id is kept as a number."""
        [place] = _places(columns, ("transaction_id",))
        below = enumerate(self.values[header.last_line :], header.last_line + 1)
        return tuple(n for n, row in below if isinstance(row[place], (int, float)))

    def ask_coins(self, name: str, columns: Columns) -> None:
        """Ask what a number format shows beside amounts, if it is no currency that is known.

        Raises:
            QuestionOpen: It is none, and nobody has stated the currency.
        """
        if self._has_currency(columns):
            return
        money = _places(columns, MONEY)
        coins = {
            coin: place
            for place, coin in self.looks.coins.items()
            if place[1] - 1 in money and not is_known(coin)
        }
        if coins:
            raise asked(name, [_coin_question(coins, columns.headers)])

    def _is_row(self, line: int, header: Header) -> bool:
        if not header.last_line < line <= len(self.values):
            return False
        return any(cell.strip() for cell in self.records[line - 1].cells)

    def _number(self, line: int, column: int) -> float:
        value = self.values[line - 1][column - 1]
        return float(value) if isinstance(value, (int, float)) else -1.0

    def checked(
        self, rows: Iterable[Record], columns: Columns, found: Oddities
    ) -> Iterator[Record]:
        """Yield the rows of data in which no cell that is read was damaged; reject the others."""
        names = {place: name for name, places in columns.fields.items() for place in places}
        for row in rows:
            fault = self._fault(row.line_no, names)
            if fault is None:
                yield row
                continue
            place, reason = fault
            text = self.records[row.line_no - 1].cells[place]
            found.classes["data"] += 1
            found.rejects.append(Reject(row.line_no, text, reason, names[place]))

    def _fault(self, line: int, names: dict[int, str]) -> tuple[int, str] | None:
        for place, name in names.items():
            where = (line, place + 1)
            if where in self.looks.errors:
                return place, _ERROR
            if where in self.looks.formulas:
                return place, _NO_VALUE
            if where in self.looks.shares and name in MONEY:
                return place, _SHARE
            values = self.values[line - 1]
            value = values[place] if place < len(values) else None
            if name in IDS and isinstance(value, (date, time, timedelta)):
                return place, _DATED
            code = self.looks.formats.get(where) if name in IDS else None
            if code is not None and padded(self._number(*where), code) is None:
                return place, _UNSHOWN
        return None


def _places(columns: Columns, names: Iterable[str]) -> set[int]:
    return {place for name in names for place in columns.fields.get(name, ())}


def _coin_question(coins: dict[str, tuple[int, int]], headers: Sequence[str]) -> Question:
    """Ask which currency a format means; `coins` has what it shows, and a cell of each."""
    told = " and ".join(
        f"{coin!r} ({headers[column - 1]!r}, line {line})"
        for coin, (line, column) in list(coins.items())[:3]
    )
    return Question(
        "currency",
        f"The number format of amounts shows {told}, which is no currency that is known. Which "
        "one are they in?",
        (Choice("USD"), Choice("EUR")),
        is_free=True,
    )


def open_sheet(opened: Opened, *, wanted: str | None) -> Sheet:
    """Return the one visible sheet of a workbook that holds anything, or the one that is wanted.

    Raises:
        BadFile: The workbook cannot be read.
        BadMapping: There is no such sheet.
        NoHeader: No visible sheet holds anything.
        QuestionOpen: Several sheets are visible, and none was named.
    """
    try:
        book = CalamineWorkbook.from_path(str(opened.path))
        title = _chosen(book, opened.name, wanted)
        page = book.get_sheet_by_name(title)
        merged = page.merged_cell_ranges or ()
    except (CalamineError, OSError) as error:
        raise BadFile(f"{opened.name}: the workbook cannot be read ({error}).") from error
    if opened.encoding != "xlsx":
        return Sheet(title, _values(page), merged)
    looks, parts = looks_of(opened.path, title), parts_of(opened.path, title)
    return Sheet(title, _values(page), merged, looks, parts)


def _values(page: CalamineSheet) -> list[list[object]]:
    return [list(row) for row in page.to_python(skip_empty_area=False)]


def _chosen(book: CalamineWorkbook, name: str, wanted: str | None) -> str:
    every = book.sheet_names
    if wanted is not None:
        if wanted not in every:
            raise BadMapping(f"{name}: has no sheet {wanted!r}; it has {', '.join(every)}.")
        return wanted
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    ]
    filled = {title: page for title in visible if (page := book.get_sheet_by_name(title)).height}
    if not filled:
        raise NoHeader(f"{name}: the workbook has no visible sheet that holds anything.")
    if len(filled) > 1:
        raise asked(name, [_sheet_question(filled)])
    return next(iter(filled))


def _sheet_question(filled: dict[str, CalamineSheet]) -> Question:
    fitting = [title for title, page in filled.items() if _has_header(title, page)]
    return Question(
        key="sheet",
        text=f"the workbook has several sheets: {', '.join(filled)}. Which one holds the rows?",
        choices=tuple(
            Choice(title, f"{page.height:,} rows, {page.width} columns")
            for title, page in filled.items()
        ),
        evidence=tuple(f"{title}: {_first_line(page)}" for title, page in filled.items()),
        suggestion=fitting[0] if len(fitting) == 1 else None,
    )


def _has_header(title: str, page: CalamineSheet) -> bool:
    try:
        locate_in_sheet(Sheet(title, _values(page)).records, name=title, mapping=None)
    except NoHeader:
        return False
    return True


def _first_line(page: CalamineSheet) -> str:
    first = page.to_python(nrows=1)
    return ", ".join(cell_text(value) for value in (first[0] if first else ()))[:120]


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
