"""Columns of persons, which a mapping drops or hashes: done to the text before anything reads it.

So their values are in no row, no rejected line, no preview and not in the file that a batch keeps.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.errors import BadMapping
from reconcile.importing.fields import fold
from reconcile.importing.locating.tables import Header
from reconcile.importing.opening.chunks import Chunks
from reconcile.importing.opening.files import Opened
from reconcile.importing.opening.lines import Record, records
from reconcile.importing.records import Mapping, StageOptions
from reconcile.importing.totals import is_total

if TYPE_CHECKING:
    from reconcile.importing.reading.glancing import Head

CLEANED = "cleaned"
"""The text without such values, in the folder of a batch to come or of its staging."""

WITHHELD = ("(withheld)", "a line of another width", "in a file with personal columns")
"""What is kept of such a line, in several cells, so that it is no note and no row."""

DROP, HASH = "drop", "hash"

Places = dict[int, bool]
"""Column to whether it is hashed; else it is dropped."""


def personal_places(name: str, headers: list[str], options: StageOptions) -> Places:
    """Return the columns that are still to be dropped or hashed.

    Raises:
        BadMapping: The file lacks one of them, so that its values may stand under another name.
    """
    mapping = options.mapping or Mapping()
    places: Places = {}
    for way, header in _personal(mapping):
        if _done(way, header) in options.cleaned:
            continue
        found = [place for place, own in enumerate(headers) if fold(own) == fold(header)]
        if not found:
            raise BadMapping(
                f"{name}: has no column {header!r}, which {mapping.name} drops or hashes. If it "
                "has another name here, change the mapping, so that nothing personal is stored; "
                f"the file has {', '.join(headers)}."
            )
        places |= dict.fromkeys(found, way == HASH)
    return places


def taken_out(mapping: Mapping) -> tuple[str, ...]:
    """Return the columns that a mapping drops or hashes, and which of both, as `cleaned` has it."""
    return tuple(_done(way, header) for way, header in _personal(mapping))


def without_personal(head: Head, mappings: Iterable[Mapping]) -> Head:
    """Return the head of a file without the values that one of the mappings takes out."""
    named = {fold(header) for mapping in mappings for _, header in _personal(mapping)}
    places = {place: False for place, own in enumerate(head.headers) if fold(own) in named}
    if not places:
        return head
    rows = {
        number: tuple(_cleaned(Record(number, 1, list(cells)), list(head.headers), places))
        for number, cells in head.rows.items()
    }
    return replace(head, rows=rows)


def cleaned_text(opened: Opened, header: Header, places: Places, folder: Path) -> Opened:
    """Write a text without its personal values to a folder, line by line as it was.

    A line of another width may hold them anywhere: it is withheld, and ends up rejected.
    """
    target = folder / CLEANED
    mark = header.delimiter or ","
    with (
        closing(Chunks(opened.path, name=opened.name)) as chunks,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        lines = _lines(chunks)
        file.writelines(islice(lines, header.last_line))
        writer = csv.writer(file, delimiter=mark, lineterminator="\n")
        for row in records(lines, mark):
            cells = _cleaned(row, header.cells, places)
            if any(cells):
                writer.writerow(cells)
            else:
                file.write("\n" * row.span)
    return Opened(opened.name, opened.given, target, opened.encoding)


def refuse_left(name: str, mapping: Mapping, cleaned: Iterable[str]) -> None:
    """Refuse a file of which personal columns were not taken out.

    Raises:
        BadMapping: It is a workbook, JSON lines or Parquet.
    """
    left = [header for way, header in _personal(mapping) if _done(way, header) not in cleaned]
    if left:
        raise BadMapping(
            f"{name}: {', '.join(left)} are to be dropped or hashed, which is done in CSV and "
            "other texts with a header only. Save it as CSV; nothing was stored."
        )


def _personal(mapping: Mapping) -> Iterator[tuple[str, str]]:
    yield from ((DROP, header) for header in mapping.drop)
    yield from ((HASH, header) for header in mapping.hash if header not in mapping.drop)


def _done(way: str, header: str) -> str:
    return f"{way} {header}"


def _lines(chunks: Chunks) -> Iterator[str]:
    while group := chunks.take(1):
        yield from group[0].text_lines()


def _cleaned(row: Record, headers: list[str], places: Places) -> list[str]:
    width = len(headers)
    is_odd = row.fault is not None or len(row.cells) < width or any(row.cells[width:])
    if is_odd and any(cell.strip() for cell in row.cells):
        is_note = row.fault is None and len(row.cells) == 1 and 0 not in places
        if is_note:
            return row.cells
        first, *others = WITHHELD if width == len(WITHHELD) - 1 else WITHHELD[:-1]
        return [first + "\n" * (row.span - 1), *others]
    return [
        _hidden(cell, hashes=places[place])
        if place in places and not _is_label(cell, headers[place])
        else cell
        for place, cell in enumerate(row.cells)
    ]


def _is_label(cell: str, header: str) -> bool:
    """Say whether a cell tells what its line is, a total or the header again."""
    return is_total(cell.strip()) or cell.strip() == header


def _hidden(cell: str, *, hashes: bool) -> str:
    """Return what is kept of a cell; its line ends stay, so that lines keep their numbers."""
    text = cell.strip().lower()
    ends = "\n" * (cell.count("\n") + cell.count("\r") - cell.count("\r\n"))
    return (hashlib.sha256(text.encode()).hexdigest() if hashes and text else "") + ends
