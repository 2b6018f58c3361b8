"""What one line is, told by its cells alone: a total, a note, a header, or data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconcile.importing.fields import MONEY, fold
from reconcile.importing.locating.repairing import Shapes
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.mapping.dictionary import dictionary
from reconcile.importing.totals import (
    BEFORE,
    WORDS,
    begins_as_total,
    ends_as_total,
    is_total,
)

BLANKS = " \t\r\n\u00a0\ufeff\u200b"

_STATISTIC = re.compile(
    r"\W*(?:averages?|avg|mean|median|durchschnitt|mittelwert|moyenne|promedio|count|minimum|"
    r"maximum|min|max)\W*",
    re.IGNORECASE,
)

_NOTE = re.compile(
    r"(?:[*#=_~-]|©|\(c\)|(?:generated|exported|printed|created|downloaded|report|page|notes?|"
    r"source|confidential|end|all times|copyright|disclaimer)\b).*|.*\S\s+\S.*|.*:",
    re.IGNORECASE | re.DOTALL,
)

# A sentence that commas cut into cells.
_NOTE_BEGIN = re.compile(
    r"(?:[*#]|©|(?:generated|exported|printed|created|downloaded|notes?:|page|confidential|"
    r"all times|copyright|disclaimer)\b)\s*\S",
    re.IGNORECASE,
)

# What a printer writes between pages.
_PAGE_NOTE = re.compile(
    r"\W*(?:(?:generated|exported|printed|created|downloaded|page|seite|confidential|copyright)\b"
    r"|©).*",
    re.IGNORECASE | re.DOTALL,
)

_NUMBER = re.compile(
    r"[-+(]?\s*(?:[$€£¥]|[A-Z]{3})?\s*[-+]?\s*\d[\d.,' \u00a0\u202f]*\s*%?\s*[)-]?\s*"
    r"(?:[$€£¥]|[A-Z]{3})?\s*[)-]?"
)

_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_COMMA_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_UNSIGNED = re.compile(
    r"^[-+(\s]*(?:[$€£¥]|[A-Z]{3})?\s*[-+]?\s*|[\s)-]*(?:[$€£¥]|[A-Z]{3})?[\s)-]*$"
)

# Blanks and apostrophes that part the thousands.
_PARTED = re.compile(r"(?<=\d)[' \u00a0\u202f](?=\d{3}(?!\d))")

_NULLS = frozenset({"NULL", "N/A", "-", "--", "∅"})

# Names the totals of lists out of SAP; an id that was masked may look so, too.
_STARS = re.compile(r"\*+")

_COUNT = re.compile(r"\d{1,7}")

_COUNT_WORDS = frozenset(
    (
        *("count", "number", "quantity", "qty", "rows", "units", "leads", "sales", "conversions"),
        *("events", "clicks", "orders", "amount", "date", "day", "month", "week", "share", "rate"),
    )
)

# An id that no label and no note can be.
_PLAIN_ID = re.compile(
    rf"\s*(?!\W*{BEFORE}(?:{WORDS}|average|avg|mean|median|count|min|max))\S*\d\S*\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Frame:
    """The header of a table, and the places in it that tell what a line is."""

    headers: Sequence[str]
    id_place: int
    time_place: int | None
    money: tuple[int, ...]
    delimiter: str | None
    folded: tuple[str, ...]

    @staticmethod
    def of(headers: Sequence[str], columns: Columns, delimiter: str | None) -> Frame:
        """Return the frame of a file whose columns are known."""
        places = columns.fields
        return Frame(
            headers=headers,
            id_place=places["transaction_id"][0],
            time_place=places["occurred_at"][0] if "occurred_at" in places else None,
            money=tuple(place for name in MONEY for place in places.get(name, ())),
            delimiter=delimiter,
            folded=tuple(fold(header) for header in headers),
        )

    @property
    def width(self) -> int:
        """Return the number of cells of a row."""
        return len(self.headers)

    def known(self, cells: Sequence[str]) -> list[str]:
        """Return the cells of a line, blank where they say that they say nothing; its id stays."""
        return [
            "" if cell.upper() in _NULLS and place != self.id_place else cell
            for place, cell in enumerate(cells)
        ]

    def names_nothing(self, cells: Sequence[str]) -> bool:
        """Say whether a line of the header's width has neither id nor time."""
        if self.time_place is None or cells[self.id_place]:
            return False
        return not self.known(cells)[self.time_place]

    def is_plainly_data(self, cells: Sequence[str]) -> bool:
        """Say of a line of the header's width whether its id alone tells that it is data."""
        named = cells[self.id_place]
        if not _PLAIN_ID.fullmatch(named):
            return False
        if not _COUNT.fullmatch(named.strip(BLANKS)):
            return True
        if self.time_place is not None:
            return bool(cells[self.time_place].strip(BLANKS))
        return not any(is_total(cell) for cell in cells)

    def is_own_header(self, cells: Sequence[str]) -> bool:
        """Say whether cells are the header again."""
        return tuple(fold(cell) for cell in cells[: self.width]) == self.folded and not any(
            cells[self.width :]
        )

    def is_other_header(self, cells: Sequence[str], *, is_below_blank: bool) -> bool:
        """Say whether cells are the header of another table: words, known as such or out of place.

        Below a blank line it is enough that words stand where there are amounts or times; in the
        midst of rows, that words stand in each cell, where there are amounts and times.
        """
        filled = [cell for cell in cells if cell]
        known = [is_header_word(cell) for cell in filled]
        if len(filled) < 2 or len(set(filled)) < len(filled):
            return False
        if any(
            has_digit(cell) and not is_word for cell, is_word in zip(filled, known, strict=True)
        ):
            return False
        if sum(known) >= 2 and sum(known) * 2 >= len(filled):
            return True
        typed = (*self.money, *(() if self.time_place is None else (self.time_place,)))
        if len(cells) == self.width:
            is_out_of_place = any(cells[place] for place in typed)
            if len(typed) > 1 and all(cells[place] for place in typed) and all(cells):
                return True
        else:
            is_out_of_place = any(known)
        return is_below_blank and is_out_of_place and not begins_as_total(filled[0])

    def total_label(self, cells: Sequence[str], *, is_sparse: bool = False) -> str | None:
        """Return the word by which cells are totals, blank if their form alone tells; else None.

        A total names no lead: its id is blank, the word itself, or a count behind it, or says that
        there is none in a line that a total begins and that has no time. So a buyer called Total
        loses no row. A count may stand before the word in a line that is sparse: it lacks what all
        others have.
        """
        if len(cells) != self.width:
            return _label_of_odd_width([cell for cell in cells if cell])
        cells = self.known(cells)
        filled = [cell for cell in cells if cell]
        named = cells[self.id_place]
        is_timed = self.time_place is not None and bool(cells[self.time_place])
        if named.upper() in _NULLS and self.time_place is not None and not is_timed:
            named = "" if is_total(filled[0]) or begins_as_total(filled[0]) else named
        if named:
            words = [cell for cell in filled if is_total(cell)]
            is_count = bool(_COUNT.fullmatch(named)) and bool(words) and not is_timed
            if is_count and (words[0] == filled[0] or is_sparse):
                return words[0]
            is_bare = is_sparse and not is_timed
            is_name = ends_as_total(named) or bool(_STARS.fullmatch(named))
            return named if begins_as_total(named) or (is_bare and is_name) else None
        labels = [cell for cell in filled if is_total(cell)]
        if not labels and begins_as_total(filled[0]) and not is_timed:
            labels = filled[:1]
        if labels:
            return labels[0]
        is_amounts = all(is_number(cell) for cell in filled) and not is_timed
        return "" if is_amounts and any(cells[place] for place in self.money) else None

    def is_amounts_only(self, cells: Sequence[str], shapes: Shapes) -> bool:
        """Say whether a line has amounts, an id unlike all others, and lacks what all others have.

        It is a total under a name that nobody knows, or a row that is damaged: not to be counted.
        So is an amount with neither id nor time, where all others have both.
        """
        if len(cells) != self.width:
            return False
        if not shapes.looks_strange(self.id_place, cells[self.id_place]):
            return self._names_nothing_as_others(cells, shapes)
        cells = self.known(cells)
        others = [place for place in range(self.width) if place not in (self.id_place, *self.money)]
        has_amount = any(cells[place] for place in self.money)
        if not cells[self.id_place] and self._lacks_time(cells, shapes):
            return has_amount
        is_bare = all(is_number(cells[place]) for place in others if cells[place])
        lacks = any(not cells[place] and shapes.is_never_blank(place) for place in others)
        return has_amount and is_bare and lacks

    def is_name_only(self, cells: Sequence[str], shapes: Shapes) -> bool:
        """Say whether a line has nothing but a word unlike all ids, where all others have more.

        It is the name of a group of rows, or a row that lost its cells: not to be counted.
        """
        named = cells[self.id_place] if len(cells) == self.width else ""
        if not named or sum(map(bool, self.known(cells))) > 1 or _PLAIN_ID.fullmatch(named):
            return False
        others = (place for place in range(self.width) if place != self.id_place)
        is_strange = shapes.looks_strange(self.id_place, named)
        return is_strange and any(map(shapes.is_never_blank, others))

    def _names_nothing_as_others(self, cells: Sequence[str], shapes: Shapes) -> bool:
        """Say whether there is but an amount, where the few rows there are have id and time."""
        if not self.names_nothing(cells) or self.time_place is None:
            return False
        has_amount = any(self.known(cells)[place] for place in self.money)
        return has_amount and shapes.names_all(self.id_place, self.time_place)

    def _lacks_time(self, cells: Sequence[str], shapes: Shapes) -> bool:
        place = self.time_place
        return place is not None and not cells[place] and shapes.is_never_blank(place)

    def is_note(self, cells: Sequence[str]) -> bool:
        """Say whether cells are a note or a statistic below the rows, and name no lead."""
        filled = [cell for cell in cells if cell]
        named = cells[self.id_place] if len(cells) == self.width else filled[0]
        if named not in ("", filled[0]):
            return False
        if _STATISTIC.fullmatch(filled[0]) and all(is_number(cell) for cell in filled[1:]):
            return True
        is_short = len(cells) < self.width
        if is_short and len(filled) > 1 and _NOTE_BEGIN.match(filled[0]):
            return True
        is_pair = len(filled) == 2 and filled[0].endswith(":") and is_short
        return is_pair or (len(filled) == 1 and bool(_NOTE.fullmatch(filled[0])))


def _label_of_odd_width(filled: Sequence[str]) -> str | None:
    if begins_as_total(filled[0]):
        return filled[0]
    labels = [cell for cell in filled if is_total(cell)]
    others = [cell for cell in filled if not is_total(cell)]
    return labels[0] if labels and all(is_number(cell) for cell in others) else None


def is_page_note(text: str) -> bool:
    """Say whether a note is one that stands on every page and is no title of rows."""
    return all(_PAGE_NOTE.fullmatch(part) for part in text.split(" / "))


def is_header_word(cell: str) -> bool:
    """Say whether somebody heads a column with a cell."""
    word = fold(cell)
    return word in dictionary().known or word in _COUNT_WORDS


def has_digit(cell: str) -> bool:
    """Say whether a cell holds a digit."""
    return any(letter.isdigit() for letter in cell)


def is_number(cell: str) -> bool:
    """Say whether a cell is a number, an amount or a share, in whatever form."""
    return bool(_NUMBER.fullmatch(cell))


def amount_of(cell: str, *, comma: bool) -> Decimal | None:
    """Return the amount of a cell of a total; None where it is not exactly one."""
    text = _PARTED.sub("", cell.strip(BLANKS))
    if not is_number(text) or "%" in text:
        return None
    digits = _UNSIGNED.sub("", text)
    form, thousands = (_COMMA_AMOUNT, ".") if comma else (_AMOUNT, ",")
    if not form.fullmatch(digits):
        return None
    amount = Decimal(digits.replace(thousands, "").replace(",", "."))
    is_negative = "(" in text or "-" in text
    return -amount if is_negative else amount
