"""Which line is the header, where several could be, or where it is written over two lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reconcile.importing.fields import fold
from reconcile.importing.locating.classing import BLANKS, has_digit, is_header_word
from reconcile.importing.mapping.dictionary import dictionary
from reconcile.importing.opening.lines import Record
from reconcile.importing.questions import Choice, Question
from reconcile.importing.totals import begins_as_total

FOLLOWING = 2
"""Rows below a header of unknown words that must look like rows."""

MOST_TITLE_CELLS = 2
"""A title is a text, or a name and its value."""

MOST_SHOWN = 120


@dataclass(frozen=True)
class Place:
    """A line that can be the header, among the first ones of a file."""

    rows: Sequence[Record]
    index: int
    score: int
    delimiter: str | None
    size: int = 1
    """Records that it is written over."""

    @property
    def own(self) -> Sequence[Record]:
        """Return its records."""
        return self.rows[self.index : self.index + self.size]

    @property
    def line_no(self) -> int:
        """Return the line it begins on."""
        return self.rows[self.index].line_no

    @property
    def cells(self) -> list[str]:
        """Return its headers."""
        if self.size == 1:
            return trimmed(self.rows[self.index])
        return joined(trimmed(self.rows[self.index]), trimmed(self.rows[self.index + 1]))

    @property
    def folded(self) -> tuple[str, ...]:
        """Return its headers as they are compared."""
        return tuple(fold(cell) for cell in self.cells)


def trimmed(record: Record) -> list[str]:
    """Return the cells of a line without blanks around them."""
    return [cell.strip(BLANKS) for cell in record.cells]


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Put two lines of a header together.

    Where blanks stand before or between the upper names, each is that of its column and of those
    to its right; one with nothing below it is that of its column alone.
    """
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    names = sum(map(bool, above))
    has_groups = not all(above[:names])
    group = ""
    cells = []
    for over, under in zip(above, below, strict=True):
        if over:
            group = over if under and has_groups else ""
        cells.append(f"{over or group} {under}".strip())
    return cells


def is_words(cells: Sequence[str]) -> bool:
    """Say whether cells are words that could head columns: no number, no time, none twice."""
    filled = [cell for cell in cells if cell]
    if any(has_digit(cell) and not is_header_word(cell) for cell in filled):
        return False
    return bool(filled) and not any(":" in cell or begins_as_total(cell) for cell in filled)


def _worth(cells: Sequence[str]) -> int:
    """Weigh the words that head columns: those of one meaning count twice."""
    words = [fold(cell) for cell in cells if cell]
    return sum((word in dictionary().known) + (word in dictionary().plain) for word in words)


def has_rows(place: Place) -> bool:
    """Say whether the next lines below have the same width, and something to read in them.

    Lines that part others, and the label of a group in a line of its own, are passed over.
    """
    rows = ((row, trimmed(row)) for row in place.rows[place.index + place.size :])
    below = [row for row, cells in rows if not _is_rule(cells) and not _is_label(cells)]
    wanted = below[:FOLLOWING]
    return len(wanted) == FOLLOWING and all(
        len(row.cells) == len(place.rows[place.index].cells) and any(map(has_digit, row.cells))
        for row in wanted
    )


def _is_label(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(filled) == 1 and ":" in filled[0]


def _is_rule(cells: Sequence[str]) -> bool:
    """Say whether a line is blank, or drawn to part others."""
    return not "".join(cells).strip("-=_+")


def by_shape(rows: Sequence[Record], delimiter: str | None) -> list[Place]:
    """Return the lines that are headers by form: words in each cell above rows with digits.

    The first and the last cell may be blank: above numbers of rows, or where each line begins and
    ends with what parts the cells.
    """
    found = []
    for index, row in enumerate(rows):
        cells = trimmed(row)
        inner = cells[not cells[0] : len(cells) - (not cells[-1])]
        is_full = all(inner) and len(set(inner)) == len(inner) > 1
        place = Place(rows, index, len(cells), delimiter)
        if row.fault is None and is_full and is_words(cells) and has_rows(place):
            found.append(place)
    return found


def rivals(best: Place, places: Sequence[Place]) -> list[Place]:
    """Return other headers above the best one that have rows: then two tables are stacked."""
    return [
        place
        for place in places
        if place.delimiter == best.delimiter
        and place.index < best.index
        and place.folded != best.folded
        and place.score > 1
        and has_rows(place)
    ]


def rows_above(best: Place) -> list[Record]:
    """Return lines above the header that look like rows of it: they would be lost as titles."""
    names = best.cells
    least = max(MOST_TITLE_CELLS + 1, len(names) * 4 // 5)
    return [
        row
        for row in best.rows[: best.index]
        if row.fault is None
        and len(row.cells) == len(names)
        and sum(map(bool, trimmed(row))) >= least
        and any(map(has_digit, row.cells))
    ]


def rows_or_titles(best: Place, rows: Sequence[Record]) -> Question:
    """Ask whether lines above the header are no rows."""
    return Question(
        key="header",
        text=f"{len(rows)} lines above the header on line {best.line_no} look like rows, and would "
        "be left out as titles. Move the header to the top of the file, or state that they are "
        "none.",
        choices=(Choice(str(best.line_no), "they are no rows"),),
        evidence=tuple(
            f"line {row.line_no}: {', '.join(row.cells)[:MOST_SHOWN]}" for row in rows[:3]
        ),
    )


def over_two_lines(best: Place) -> Place | None:
    """Return the header as one of two lines, if the line above or below may be part of it."""
    single = best.cells
    if best.index and _adjoins(best.rows, best.index - 1):
        upper = trimmed(best.rows[best.index - 1])
        filled = sum(map(bool, upper))
        pair = Place(best.rows, best.index - 1, best.score, best.delimiter, size=2)
        if is_words(upper) and filled > 1 and len(upper) <= len(single):
            is_full = filled > 2 and filled * 2 > len(single)
            if is_full or _worth(pair.cells) > _worth(single):
                return pair
    if best.index + 1 < len(best.rows) and _adjoins(best.rows, best.index):
        lower = trimmed(best.rows[best.index + 1])
        pair = Place(best.rows, best.index, best.score, best.delimiter, size=2)
        is_again = tuple(fold(cell) for cell in lower) == best.folded
        # A row of words alone is no part of the header where the rows below look like it.
        is_unlike = all(lower) and len(lower) > 1 and has_rows(pair)
        is_part = is_unlike or _worth(pair.cells) > _worth(single)
        if is_words(lower) and len(lower) <= len(single) and not is_again and is_part:
            return pair
    return None


def _adjoins(rows: Sequence[Record], index: int) -> bool:
    """Say whether a line stands right above the next one, and both are as they should be."""
    upper, lower = rows[index], rows[index + 1]
    is_next = upper.line_no + upper.span == lower.line_no
    return is_next and upper.fault is None and lower.fault is None


def which_line(places: Sequence[Place], suggested: Place | None) -> Question:
    """Ask which of several lines is the header."""
    return Question(
        key="header",
        text="several lines could be the header, and have rows below. Which one heads the rows?",
        choices=tuple(Choice(str(place.line_no), _shown(place)) for place in places),
        suggestion=None if suggested is None else str(suggested.line_no),
    )


def one_of_pairs(pairs: Sequence[Place]) -> tuple[Place, Place] | None:
    """Return the best pair of lines of words that is a header, and the lower one alone."""
    found = [pair for pair in pairs if all(is_words(trimmed(row)) for row in pair.own)]
    if not found:
        return None
    pair = max(found, key=lambda pair: (pair.score, -pair.line_no))
    return pair, replace(pair, index=pair.index + 1, size=1)


def one_line_or_two(best: Place, pair: Place) -> Question:
    """Ask whether a header is written over two lines."""
    is_better = _worth(pair.cells) > _worth(best.cells)
    return Question(
        key="header_rows",
        text=f"the header could be written over two lines, {pair.line_no} and "
        f"{pair.rows[pair.index + 1].line_no}. Is it?",
        choices=(
            Choice("2", f"yes: {_shown(pair)}"),
            Choice("1", f"no, it is line {best.line_no}: {_shown(best)}"),
        ),
        suggestion="2" if is_better else None,
    )


def _shown(place: Place) -> str:
    return ", ".join(place.cells)[:MOST_SHOWN]
