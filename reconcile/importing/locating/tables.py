"""Where the table is: the header among title lines, and what separates the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from reconcile.errors import BadMapping, NoHeader
from reconcile.importing.fields import fold, header_names
from reconcile.importing.found import Span, joined_spans
from reconcile.importing.locating.heading import (
    Place,
    by_shape,
    one_line_or_two,
    one_of_pairs,
    over_two_lines,
    rivals,
    rows_above,
    rows_or_titles,
    trimmed,
    which_line,
)
from reconcile.importing.locating.titles import line_text
from reconcile.importing.mapping.dictionary import dictionary
from reconcile.importing.mapping.templates import knows
from reconcile.importing.opening.lines import Record, records
from reconcile.importing.questions import asked
from reconcile.importing.records import Mapping, Template

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
    spans: tuple[Span, ...] = ()
    """Its own lines, and those above it."""


def locate_in_text(
    lines: Iterable[str],
    *,
    name: str,
    mapping: Mapping | None,
    templates: Sequence[Template] = (),
) -> Header:
    """Find the header of a text file among its first lines; that of a template before others.

    A line of words that nobody knows is a header if it alone stands above rows of its width.

    Raises:
        BadMapping: No line holds all headers that the mapping names.
        NoHeader: No line looks like a header.
        QuestionOpen: Several lines could be it, or it could be written over two lines.
    """
    source = iter(lines)
    head = list(islice(source, HEAD_LINES))
    if mapping is not None and (mapping.header or 0) >= HEAD_LINES:
        head += islice(source, mapping.header)
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
    told = mapping or Mapping()
    if told.header is not None:
        return _header(_stated(tables, name, told))
    wanted = _wanted(mapping)
    places = _places(tables, wanted, templates, size=1)
    if wanted or templates or told.header_rows == "2":
        places += _places(tables, wanted, templates, size=2)
    if told.header_rows == "2":
        places = [place for place in places if place.size == 2]
    if not wanted and _are_titles(places, tables):
        _ask_of_pairs(tables, name, told)
        return _header(_by_shape(tables, name, mapping))
    if not places:
        raise _nothing_found(name, list(tables.values()), mapping)
    best = max(places, key=lambda place: (place.score, -place.size, -place.line_no))
    if best.score < _SURE and not wanted:
        _ask(best, places, name, told)
    above = rows_above(best)
    if above:
        raise asked(name, [rows_or_titles(best, above)])
    return _header(best)


def _places(
    tables: _Tables, wanted: set[str], templates: Sequence[Template], *, size: int
) -> list[Place]:
    """Return the lines that can be the header, with their scores; or pairs of lines."""
    found = []
    for delimiter, rows in tables.items():
        for index in range(len(rows) - size + 1):
            place = Place(rows, index, 0, delimiter, size)
            if not all(row.fault is None and any(trimmed(row)) for row in place.own):
                continue
            score = _score(place.cells, wanted, templates)
            if score:
                found.append(replace(place, score=score))
    return found


def _are_titles(places: Sequence[Place], tables: _Tables) -> bool:
    """Say whether no line of known words is a header, or each is a word above a header by form."""
    if any(sum(map(bool, place.cells)) > 1 for place in places):
        return False
    return not places or any(by_shape(rows, mark) for mark, rows in tables.items())


def _stated(tables: _Tables, name: str, mapping: Mapping) -> Place:
    """Return the line that is stated to be the header, under the delimiter that fits it best."""
    size = 2 if mapping.header_rows == "2" else 1
    found = [
        Place(rows, index, _known(trimmed(row)) * 100 + len(row.cells), delimiter, size)
        for delimiter, rows in tables.items()
        for index, row in enumerate(rows)
        if row.line_no == mapping.header and row.fault is None and index + size <= len(rows)
    ]
    if not found or not any(found[0].cells):
        raise BadMapping(
            f"{name}: {mapping.name} states line {mapping.header} as the header, but no row of "
            "cells begins there."
        )
    return max(found, key=lambda place: place.score)


def _by_shape(tables: _Tables, name: str, mapping: Mapping | None) -> Place:
    """Return the one line that is a header by its form, though none of its words is known."""
    found = [place for mark, rows in tables.items() for place in by_shape(rows, mark)]
    widest = max((place.score for place in found), default=0)
    found = [place for place in found if place.score == widest]
    different = list({place.folded: place for place in reversed(found)}.values())[::-1]
    if not different:
        raise _nothing_found(name, list(tables.values()), mapping)
    if len(different) > 1:
        raise asked(name, [which_line(different, None)])
    return different[0]


def _ask_of_pairs(tables: _Tables, name: str, mapping: Mapping) -> None:
    """Ask whether two lines are the header, of which neither is one alone."""
    found = one_of_pairs(_places(tables, set(), (), size=2))
    if found is not None and mapping.header_rows is None:
        pair, alone = found
        raise asked(name, [one_line_or_two(alone, pair)])


def _ask(best: Place, places: Sequence[Place], name: str, mapping: Mapping) -> None:
    """Ask where other lines could be the header, or part of it."""
    others = rivals(best, places)
    if others:
        raise asked(name, [which_line([*others, best], None)])
    pair = over_two_lines(best) if mapping.header_rows is None else None
    if pair is not None:
        raise asked(name, [one_line_or_two(best, pair)])


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


def _header(place: Place) -> Header:
    above = place.rows[: place.index]
    blanks = sum(row.span for row in above if _class_above(row) == "blank")
    own = place.own
    parts = (Span(row.line_no, row.line_no + row.span - 1, _class_above(row)) for row in above)
    heads = (Span(row.line_no, row.line_no + row.span - 1, "header") for row in own)
    return Header(
        cells=[clean_header(cell) for cell in place.cells],
        last_line=own[-1].line_no + own[-1].span - 1,
        titles=sum(row.span for row in above) - blanks,
        blanks=blanks,
        span=own[-1].line_no + own[-1].span - own[0].line_no,
        delimiter=place.delimiter,
        above=tuple(text for row in above if (text := line_text(row.cells))),
        spans=tuple(joined_spans([*parts, *heads])),
    )


def _class_above(row: Record) -> str:
    return "title" if any(cell.strip() for cell in row.cells) else "blank"


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
