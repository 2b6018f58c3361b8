"""Lines that are not written as they should be, where they can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

MOST_SAMPLED = 500
"""Rows whose cells show what a column holds."""

FEW = 3
"""Rows that show at least what a column looks like."""

MOST_EXTRA = 4
"""Cells too many that are tried to be put together."""

_THOUSANDS = re.compile(r"-?[$€£]?\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")

_Shape = tuple[str, bool, bool]


class Shapes:
    """What the cells of each column look like in lines that are as they should be."""

    def __init__(self, width: int) -> None:
        self._seen: list[set[_Shape]] = [set() for _ in range(width)]
        self.rows = 0

    def add(self, cells: Sequence[str]) -> None:
        """Learn from a row."""
        self.rows += 1
        for seen, cell in zip(self._seen, cells, strict=True):
            seen.add(_shape(cell))

    def looks_strange(self, place: int, cell: str) -> bool:
        """Say whether a cell is of another form than all others of its column, if they are some."""
        return self.rows >= FEW and _shape(cell) not in self._seen[place]

    def names_all(self, *places: int) -> bool:
        """Say whether every row has a cell in each of these columns, be they but one or two."""
        return self.rows > 0 and not any(_shape("") in self._seen[place] for place in places)

    def is_never_blank(self, place: int) -> bool:
        """Say whether a column was filled in all rows."""
        return self.rows >= FEW and _shape("") not in self._seen[place]

    def fits(self, place: int, cell: str) -> bool:
        """Say whether a cell looks as one of its column."""
        seen = self._seen[place]
        if _shape(cell) in seen:
            return True
        is_numeric = any(has_digit for _, has_digit, _ in seen)
        is_numeric = is_numeric and not any(has_letter for *_, has_letter in seen)
        return is_numeric and bool(_THOUSANDS.fullmatch(cell))


def _shape(cell: str) -> _Shape:
    without = _LETTERS.sub("", cell)
    return _DIGITS.sub("", without), without != _DIGITS.sub("", without), without != cell


def joined_thousands(
    cells: Sequence[str], shapes: Shapes, *, width: int, money: Sequence[int]
) -> list[str] | None:
    """Put together an amount such as 1,234.50 that a comma file holds without quotes.

    Only if no other way of putting cells together fits what the columns hold, and nothing but
    amounts of money was put together; else None.
    """
    if not shapes.rows or not width < len(cells) <= width + MOST_EXTRA:
        return None
    ways = list(islice(_ways(cells, shapes, 0, width), 2))
    if len(ways) != 1:
        return None
    [sizes] = ways
    found: list[str] = []
    taken = 0
    for place, size in enumerate(sizes):
        found.append(",".join(cells[taken : taken + size]))
        taken += size
        if size > 1 and (place not in money or not _THOUSANDS.fullmatch(found[-1])):
            return None
    return found


def _ways(
    cells: Sequence[str], shapes: Shapes, place: int, width: int
) -> Iterator[tuple[int, ...]]:
    """Yield how many cells each column can take, if all cells are to be taken."""
    if place == width:
        if not cells:
            yield ()
        return
    most = len(cells) - (width - place - 1)
    for size in range(1, most + 1):
        if shapes.fits(place, ",".join(cells[:size])):
            for rest in _ways(cells[size:], shapes, place + 1, width):
                yield (size, *rest)


def requoted(line: str, delimiter: str, width: int) -> list[str] | None:
    """Read a line whose quoted cells hold quotes that were not doubled.

    Only if one reading alone gives a row of the width; else None.
    """
    if '"' not in line or len(line) > 10_000:
        return None
    found: list[list[str]] = []
    for reading in _readings(line, delimiter, width):
        found.append(reading)
        if len(found) > 1:
            return None
    return found[0] if found else None


def _readings(text: str, delimiter: str, cells: int) -> Iterator[list[str]]:
    """Yield the ways in which a text is so many cells."""
    for cell, rest in _firsts(text, delimiter):
        if rest is None:
            if cells == 1:
                yield [cell]
        elif cells > 1:
            for more in _readings(rest, delimiter, cells - 1):
                yield [cell, *more]


def _firsts(text: str, delimiter: str) -> Iterator[tuple[str, str | None]]:
    """Yield what the first cell can be, with the text behind it; None behind the last one."""
    if not text.startswith('"'):
        cell, mark, rest = text.partition(delimiter)
        yield cell, rest if mark else None
        return
    end = text.find('"', 1)
    while end > 0:
        if end + 1 == len(text):
            yield text[1:end].replace('""', '"'), None
        elif text.startswith(delimiter, end + 1):
            yield text[1:end].replace('""', '"'), text[end + 1 + len(delimiter) :]
        end = text.find('"', end + 1)
