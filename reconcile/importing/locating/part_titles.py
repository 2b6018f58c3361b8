"""What the titles of stacked parts say of the rows below: whose they are, or of which time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from reconcile.errors import BadMapping
from reconcile.importing.fields import PART_TITLE
from reconcile.importing.found import PartTitle
from reconcile.importing.locating.classing import is_page_note
from reconcile.importing.locating.tables import Header
from reconcile.importing.locating.titles import period_of
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.opening.lines import Record
from reconcile.importing.questions import Choice, Question

IGNORE, PERIOD = "ignore", "period"

FIELDS = {"campaign": "campaign_id", "buyer": "buyer", "event": "event_id"}
"""What a title may name, by the field of the rows that it fills."""

_LABELS = {
    "buyer": "buyer|advertiser|client|customer|partner|käufer|kunde",
    "campaign": "campaign|offer|vertical|kampagne",
    "event": "event|goal|ereignis",
    PERIOD: "period|month|date range|zeitraum|monat",
}

_LABELLED = re.compile(
    r"\W*(?:"
    + "|".join(f"(?P<{dimension}>{words})" for dimension, words in _LABELS.items())
    + r")(?: ?(?:name|id))?\s*[:=]\s*(?P<name>\S.*)",
    re.IGNORECASE,
)

PARTING = " / "
"""Stands between the lines of a title."""

MOST_SHOWN = 5


class Part(PartTitle):
    """A title, or a blank text for the rows below a header without one."""

    __slots__ = ()

    def named(self, dimension: str) -> tuple[str, bool] | None:
        """Return what the title names, and whether a label says so; None where it does not.

        A title without any label is a name as a whole, if it is one line.
        """
        lines = [line for line in self.text.split(PARTING) if line and not is_page_note(line)]
        labelled = [match for line in lines if (match := _LABELLED.fullmatch(line))]
        own = {match["name"].strip() for match in labelled if match[dimension]}
        if len(own) == 1:
            return own.pop(), True
        is_name = len(lines) == 1 and not labelled
        return (lines[0], False) if is_name else None

    @property
    def period(self) -> tuple[date, date] | None:
        """Return the period that it names, half open."""
        return period_of(self.text.split(PARTING)) if self.text else None


def is_labelled(text: str) -> bool:
    """Say whether a note names what it is a title of, so that it may head the rows right below."""
    return bool(_LABELLED.fullmatch(text))


def first_part(header: Header) -> Part:
    """Return the title of the first table: the labels above its header, else the last line."""
    lines = [line for line in header.above if not is_page_note(line)]
    labelled = [line for line in lines if _LABELLED.fullmatch(line)]
    last = max((span.last for span in header.spans if span.name == "title"), default=1)
    return Part(last, last, PARTING.join(labelled or lines[-1:]))


def with_part_titles(name: str, columns: Columns, dimension: str | None) -> Columns:
    """Return the columns with one more, for what the titles of parts say, where they name rows.

    Raises:
        BadMapping: A column, or a constant, says it already.
    """
    field = FIELDS.get(dimension or "")
    if field is None:
        return columns
    if field in {*columns.fields, *columns.constants}:
        raise BadMapping(
            f"{name}: part_titles = {dimension} gives the titles of parts to the rows, but "
            f"{field} is filled already. Keep one of them."
        )
    return replace(
        columns,
        headers=[*columns.headers, PART_TITLE],
        fields={**columns.fields, field: [len(columns.headers)]},
    )


def stated_columns(columns: Columns) -> dict[str, str | list[str]]:
    """Return field to header or headers, as a mapping states them; titles have no header."""
    return {field: item for field, item in columns.stated().items() if item != PART_TITLE}


class Naming:
    """Names the rows of each part by its title, while they are read."""

    def __init__(self, file: str, dimension: str, first: Part) -> None:
        """Begin with the first table; `dimension` is a key of `FIELDS`."""
        self._file = file
        self._dimension = dimension
        self._part = first
        self._is_labelled: bool | None = None
        self._name: str | None = None

    def begin(self, title: PartTitle) -> None:
        """Take the title of the part that follows."""
        self._part, self._name = Part(*title), None

    def named(self, row: Record) -> Record:
        """Return a row of the part with its name as the last cell.

        Raises:
            BadMapping: The title names none, or in another way than the one before.
        """
        if self._name is None:
            found = self._part.named(self._dimension)
            if found is None or self._is_labelled not in (None, found[1]):
                raise BadMapping(
                    f"{self._file}: part_titles says that the title above each header names the "
                    f"{self._dimension}, but that of line {self._part.line_no}, "
                    f"{self._part.text!r}, does not, or not as the others do. Write it as "
                    f"{self._dimension.title()}: NAME, make a file of each part, or state "
                    "part_titles = ignore."
                )
            self._name, self._is_labelled = found
        return row._replace(cells=[*row.cells, self._name])


def part_title_question(parts: Sequence[Part], free: Iterable[str], *, timed: bool) -> Question:
    """Return what is asked of a file whose repeated headers have titles.

    Args:
        parts: Those with a title, and the first table before them if it has rows.
        free: Fields of the rows that no column fills.
        timed: The rows have times.
    """
    offers = (_periods(parts) if timed else []) or _names(parts, free)
    labelled = [choice.value for choice, is_labelled in offers if is_labelled]
    title = parts[-1]
    return Question(
        key="part_titles",
        text=f"titles part the rows, such as {title.text!r} on line {title.line_no}. If that says "
        "whose the rows below are, they were read without it."
        + ("" if offers else " Then make a file of each part, or put it into a column."),
        choices=(
            *(choice for choice, _ in offers),
            Choice(IGNORE, "it says nothing that the rows do not say"),
        ),
        evidence=tuple(
            f"line {part.line_no}: {part.text or '(no title)'}" for part in parts[: MOST_SHOWN + 1]
        ),
        suggestion=labelled[0] if len(labelled) == 1 else None,
    )


def _names(parts: Sequence[Part], free: Iterable[str]) -> list[tuple[Choice, bool]]:
    offers = []
    for dimension, field in FIELDS.items():
        found = [part.named(dimension) for part in parts] if field in free else []
        named = [name for name in found if name is not None]
        if len(named) == len(parts) and len({is_labelled for _, is_labelled in named}) == 1:
            words = dict.fromkeys(name for name, _ in named)
            more = " .." if len(words) > MOST_SHOWN else ""
            shown = ", ".join(map(repr, list(words)[:MOST_SHOWN])) + more
            meaning = f"it names the {dimension} of the rows below: {shown}"
            offers.append((Choice(dimension, meaning), named[0][1]))
    return offers


def _periods(parts: Sequence[Part]) -> list[tuple[Choice, bool]]:
    found = [part.period for part in parts]
    periods = [period for period in found if period is not None]
    if len(periods) < len(parts):
        return []
    shown = ", ".join(f"{first} to before {last}" for first, last in periods[:MOST_SHOWN])
    meaning = f"it names the period in which the rows below lie: {shown}"
    return [(Choice(PERIOD, meaning), True)]


def is_understood(parts: Sequence[Part], stated: str | None) -> bool:
    """Say whether somebody has said what titles mean, and periods are there if that is it."""
    return stated is not None and (stated != PERIOD or bool(_periods(parts)))


def whole_period(parts: Sequence[Part]) -> tuple[date, date] | None:
    """Return the period of all parts together, half open; None where they leave days out."""
    periods = sorted(part.period for part in parts if part.period is not None)
    if not periods or len(periods) < len(parts):
        return None
    first, end = periods[0]
    for start, last in periods:
        if start > end:
            return None
        end = max(end, last)
    return first, end
