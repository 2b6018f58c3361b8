"""What opening and locating found in a file beside the rows of its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

MOST_SPANS = 10_000
"""Stretches of lines that are no data of which the places are kept; all lines are counted."""


class Span(NamedTuple):
    """Lines of one class that follow on each other; both ends belong to it."""

    first: int
    last: int
    name: str

    def __str__(self) -> str:
        """Write it as `4-43 data`."""
        place = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{place} {self.name}"


def joined_spans(spans: Iterable[Span]) -> list[Span]:
    """Return spans in the order of the file, neighbours of one class put together."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and found[-1].name == span.name and found[-1].last + 1 == span.first:
            found[-1] = found[-1]._replace(last=span.last)
        else:
            found.append(span)
    return found[:MOST_SPANS]


class Reject(NamedTuple):
    """A line that was not even typed."""

    line_no: int
    value: str
    reason: str
    column_name: str | None = None


@dataclass(frozen=True)
class TotalLine:
    """A line of totals: what the file itself says its amounts add up to."""

    line_no: int
    label: str
    """The word that told it; blank where it holds amounts and nothing else."""
    texts: dict[str, str]
    """Header to text, of the cells that are filled; by number of the column in a short line."""


@dataclass(frozen=True)
class Repair:
    """A line that could be read in one way only, though it is not written as it should be."""

    line_no: int
    raw: str
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class SecondTable:
    """A table with another header below the first one; its lines were set apart."""

    line_no: int
    """The line of its header."""
    headers: tuple[str, ...]


@dataclass(frozen=True)
class NonAscii:
    """A cell that reads differently under another encoding."""

    line_no: int
    text: str


class PartTitle(NamedTuple):
    """A note right above a repeated header: what it says may hold for the rows below."""

    line_no: int
    last: int
    """Its last line, blank ones below it included."""
    text: str


@dataclass(frozen=True)
class Found:
    """What a file says of itself outside of its rows; every part may be empty."""

    titles: tuple[str, ...] = ()
    """Lines above the header, as text."""
    footers: tuple[str, ...] = ()
    """Notes below or between the rows, as text."""
    period: tuple[date, date] | None = None
    """Local days that the titles name, half open."""
    row_count: int | None = None
    """Rows that a title or a footer says there are."""
    buyer: str | None = None
    zone: str | None = None
    """The zone as the titles write it."""
    totals: tuple[TotalLine, ...] = ()
    control_totals: dict[str, Decimal] = field(default_factory=dict)
    """Header to amount, of the last line of totals; those that are no amount are left out."""
    repairs: tuple[Repair, ...] = ()
    second_tables: tuple[SecondTable, ...] = ()
    non_ascii: tuple[NonAscii, ...] = ()
    """Cells by which a person sees whether the encoding was chosen rightly; none for UTF-8."""
    is_open_ended: bool = False
    """The last line has no line end, as all others have: the file may have been cut off there."""
    hidden: tuple[int, ...] = ()
    """Rows of a sheet that it does not show; they are read like all others."""
    is_filtered: bool = False
    """The sheet has a filter, which may hide them."""
    remarks: tuple[str, ...] = ()
    """What a person should know of how a sheet was read, as sentences."""
    number_ids: tuple[int, ...] = ()
    """Rows of a sheet whose id is a number, where nothing tells how the sheet shows it."""
    spans: tuple[Span, ...] = ()
    """The lines that are no data, in their order; every other line is data."""
    part_titles: tuple[PartTitle, ...] = ()
    """Titles of stacked tables, that of the first one before them; none of a single table."""


@dataclass
class Oddities:
    """What reading found beside the rows of the table, while it goes on."""

    classes: Counter[str] = field(default_factory=Counter)
    spans: list[Span] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    totals: list[TotalLine] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    repaired_long: int = 0
    """Long lines that were read all the same."""
    second_tables: list[SecondTable] = field(default_factory=list)
    part_titles: list[PartTitle] = field(default_factory=list)
    has_rows: bool = False
    """A line was data, of those that were looked at one by one."""
    is_titled_later: bool = False
    """Rows stand above the first title of a part."""
    is_apart: bool = False
    """The lines that follow are those of a second table."""
    is_below_blank: bool = False
    """The line above was blank or one of totals."""
    is_open_ended: bool = False
    hidden: tuple[int, ...] = ()
    is_filtered: bool = False
    remarks: tuple[str, ...] = ()
    number_ids: tuple[int, ...] = ()

    def put(self, name: str, line_no: int, lines: int = 1) -> None:
        """Count lines of a class other than data, and keep where they stand."""
        self.classes[name] += lines
        last = self.spans[-1] if self.spans else None
        if last is not None and last.name == name and last.last + 1 == line_no:
            self.spans[-1] = last._replace(last=line_no + lines - 1)
        elif len(self.spans) < MOST_SPANS:
            self.spans.append(Span(line_no, line_no + lines - 1, name))
