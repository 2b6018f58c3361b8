"""Where the table is: the header among title lines, and what separates the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from reconcile.errors import BadMapping, NoHeader
from reconcile.importing.dictionary import dictionary
from reconcile.importing.fields import fold, header_names
from reconcile.importing.lines import Record, records
from reconcile.importing.records import Mapping, Template
from reconcile.importing.templates import knows
from reconcile.importing.titles import line_text

HEAD_LINES = 60
"""Lines among which the header must be."""

_SURE = 10_000
"""Score of a line that has all headers of a template: more than any count of headers."""

DELIMITERS = (",", ";", "\t", "|")

_Tables = dict[str | None, list[Record]]

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*\Z')


@dataclass(frozen=True)
class Header:
    """The header of a table and what stands above it."""

    cells: list[str]
    last_line: int
    """The line it ends on, counted from 1."""
    titles: int
    blanks: int
    span: int
    delimiter: str | None
    above: tuple[str, ...] = ()
    """The title lines, as text."""


def locate_in_text(
    lines: Iterable[str],
    *,
    name: str,
    mapping: Mapping | None,
    templates: Sequence[Template] = (),
) -> Header:
    """Find the header of a text file among its first lines; that of a template before others.

    Raises:
        BadMapping: No line holds all headers that the mapping names.
        NoHeader: No line looks like a header.
    """
    head = list(islice(lines, HEAD_LINES))
    stated = _SEPARATOR_LINE.match(head[0]) if head else None
    delimiters = (stated.group(1),) if stated else DELIMITERS
    tables: _Tables = {mark: list(records(head, mark)) for mark in delimiters}
    return _best(tables, name, mapping, templates)


def locate_in_sheet(
    rows: Sequence[Record],
    *,
    name: str,
    mapping: Mapping | None,
    templates: Sequence[Template] = (),
) -> Header:
    """Find the header of a sheet among its first rows; errors as `locate_in_text`."""
    return _best({None: list(rows[:HEAD_LINES])}, name, mapping, templates)


def clean_header(cell: str) -> str:
    """Return a header without blanks and invisible characters around it."""
    return cell.strip(" \t\r\n\u00a0\ufeff\u200b")


def _best(
    tables: _Tables, name: str, mapping: Mapping | None, templates: Sequence[Template]
) -> Header:
    wanted = _wanted(mapping)
    best: tuple[int, int, Header] | None = None
    for delimiter, rows in tables.items():
        for place, record in enumerate(rows):
            cells = [clean_header(cell) for cell in record.cells]
            score = 0 if record.fault else _score(cells, wanted, templates)
            if score and (best is None or (score, -record.line_no) > best[:2]):
                best = (score, -record.line_no, _header(rows, place, cells, delimiter))
    if best is None:
        raise _nothing_found(name, list(tables.values()), mapping)
    return best[2]


def _wanted(mapping: Mapping | None) -> set[str]:
    if mapping is None:
        return set()
    listed = mapping.columns.values()
    return {h.strip() for item in listed for h in ([item] if isinstance(item, str) else item)}


def _score(cells: list[str], wanted: set[str], templates: Sequence[Template] = ()) -> int:
    """Count the cells that are headers; 0 where too few are, or where a wanted one is missing."""
    if knows(templates, cells):
        return _SURE + len(cells)
    if wanted:
        return len(wanted) + _known(cells) if wanted <= {*cells, *header_names(cells)} else 0
    known = _known(cells)
    return known if known >= min(2, len([cell for cell in cells if cell])) else 0


def _known(cells: list[str]) -> int:
    return sum(fold(cell) in dictionary().known for cell in cells if cell)


def _header(rows: list[Record], place: int, cells: list[str], delimiter: str | None) -> Header:
    above = rows[:place]
    blanks = sum(row.span for row in above if not any(cell.strip() for cell in row.cells))
    record = rows[place]
    return Header(
        cells=cells,
        last_line=record.line_no + record.span - 1,
        titles=sum(row.span for row in above) - blanks,
        blanks=blanks,
        span=record.span,
        delimiter=delimiter,
        above=tuple(text for row in above if (text := line_text(row.cells))),
    )


def _nothing_found(
    name: str, tables: list[list[Record]], mapping: Mapping | None
) -> BadMapping | NoHeader:
    rows = max(tables, key=lambda rows: max((len(row.cells) for row in rows), default=0))
    widest = max(rows, key=lambda row: len([c for c in row.cells if c.strip()]), default=None)
    seen = ", ".join(clean_header(cell) for cell in widest.cells) if widest else ""
    if not seen.strip(", "):
        return NoHeader(
            f"{name}: holds nothing but blank lines. Export it again: even an export without rows "
            "has a header line."
        )
    wanted = _wanted(mapping)
    if mapping is not None and wanted:
        return BadMapping(
            f"{name}: no line holds all headers that {mapping.name} names "
            f"({', '.join(sorted(wanted))}); line {widest.line_no if widest else 0} holds {seen}."
        )
    return NoHeader(
        f"{name}: none of the first {HEAD_LINES} lines looks like a header; line "
        f"{widest.line_no if widest else 0} holds {seen}. Name the columns in a mapping, under "
        '[columns]: transaction_id = "..."'
    )
