"""Columns of persons, which a mapping drops or hashes: done to the file before anything reads it.

So their values are in no row, no rejected line, no preview and not in the file that a batch keeps.
The headers stay, with empty cells below them: by its headers a file is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reconcile.errors import BadMapping
from reconcile.importing.fields import fold
from reconcile.importing.opening.lines import Record
from reconcile.importing.records import Mapping, StageOptions
from reconcile.importing.salting import Salt
from reconcile.importing.totals import is_total

if TYPE_CHECKING:
    from reconcile.importing.reading.glancing import Head

CLEANED = "cleaned"
"""The file without such values, in the folder of a batch to come or of its staging."""

WITHHELD = ("(withheld)", "a line of another width", "in a file with personal columns")
"""What is kept of such a line, in several cells, so that it is no note and no row."""

DROP, HASH = "drop", "hash"

Places = dict[int, bool]
"""Column to whether it is hashed; else it is dropped."""


@dataclass(frozen=True)
class Personal:
    """The personal columns of one file."""

    headers: Sequence[str]
    places: Places
    named: dict[str, bool]
    """Their headers, folded, and whether they are hashed."""
    salt: Salt

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.places)

    def kept(self, text: str, *, hashes: bool) -> str:
        """Return what is kept of a value: nothing, or its hash."""
        value = text.strip().lower()
        return self.salt.hashed(value) if hashes and value else ""

    def cells(self, row: Record) -> list[str]:
        """Return what is kept of a line.

        A line of another width may hold personal values anywhere: it is withheld. Line ends within
        cells stay, so that lines keep their numbers.
        """
        width = len(self.headers)
        is_odd = row.fault is not None or len(row.cells) < width or self.is_beyond(row.cells)
        if is_odd and any(cell.strip() for cell in row.cells):
            if row.fault is None and len(row.cells) == 1 and 0 not in self.places:
                return row.cells  # a note
            first, *others = WITHHELD if width == len(WITHHELD) - 1 else WITHHELD[:-1]
            return [first + "\n" * (row.span - 1), *others]
        return [self._cell(place, cell) for place, cell in enumerate(row.cells)]

    def is_beyond(self, cells: Sequence[str]) -> bool:
        """Say whether a line has a value to the right of all headers."""
        named = [place for place, header in enumerate(self.headers) if header.strip()]
        return any(cell.strip() for cell in cells[named[-1] + 1 if named else 0 :])

    def below(self, cells: Sequence[str]) -> Personal:
        """Return what is personal below a line: of another header, its columns by that name, too.

        A line is one if it has two words at least, no digit, and the name of a personal column.
        """
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) < 2 or any(letter.isdigit() for cell in filled for letter in cell):
            return self
        own = enumerate(map(fold, cells[: len(self.headers)]))
        found = {place: self.named[name] for place, name in own if name in self.named}
        is_new = bool(found.keys() - self.places.keys())
        return replace(self, places=found | self.places) if is_new else self

    def inside(self, value: Any) -> Any:
        """Return a nested value without those of keys that are named as a personal column."""
        if isinstance(value, dict):
            return {
                key: self._member(member, hashes=self.named[fold(key)])
                if fold(key) in self.named
                else self.inside(member)
                for key, member in value.items()
            }
        return [self.inside(member) for member in value] if isinstance(value, list) else value

    def told(self, cell: str) -> str:
        """Return a cell that may be the text of a nested value as `inside` does."""
        if not cell.startswith(("{", "[")):
            return cell
        try:
            return json.dumps(self.inside(json.loads(cell)), ensure_ascii=False)
        except ValueError:
            return cell

    def _member(self, value: Any, *, hashes: bool) -> str:
        if value is None or isinstance(value, str):
            return self.kept(value or "", hashes=hashes)
        return self.kept(json.dumps(value, default=str), hashes=hashes)

    def _cell(self, place: int, cell: str) -> str:
        is_label = is_total(cell.strip()) or fold(cell) in self.named
        if place not in self.places or is_label:
            return cell
        ends = "\n" * (cell.count("\n") + cell.count("\r") - cell.count("\r\n"))
        return self.kept(cell, hashes=self.places[place]) + ends


def personal_of(name: str, headers: Sequence[str], options: StageOptions) -> Personal:
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
    named = {fold(headers[place]): hashes for place, hashes in places.items()}
    return Personal(headers, places, named, options.salt)


def taken_out(mapping: Mapping) -> tuple[str, ...]:
    """Return the columns that a mapping drops or hashes, and which of both, as `cleaned` has it."""
    return tuple(_done(way, header) for way, header in _personal(mapping))


def is_hashed(cleaned: Iterable[str]) -> bool:
    """Say whether a column of a file is there as hashes."""
    return any(done.startswith(f"{HASH} ") for done in cleaned)


def without_personal(head: Head, mappings: Iterable[Mapping]) -> Head:
    """Return the head of a file without the values that one of the mappings takes out."""
    named = {fold(header): False for mapping in mappings for _, header in _personal(mapping)}
    places = {place: False for place, own in enumerate(head.headers) if fold(own) in named}
    personal = Personal(head.headers, places, named, Salt())
    if not personal:
        return head
    rows = {
        number: tuple(map(personal.told, personal.cells(Record(number, 1, list(cells)))))
        for number, cells in head.rows.items()
    }
    return replace(head, rows=rows)


def refuse_left(name: str, mapping: Mapping, cleaned: Iterable[str]) -> None:
    """Refuse a file of which personal columns were not taken out: a defect, if it ever happens.

    Raises:
        BadMapping: One is left.
    """
    left = [header for way, header in _personal(mapping) if _done(way, header) not in cleaned]
    if left:
        raise BadMapping(
            f"{name}: {', '.join(left)} are to be dropped or hashed, which cannot be done in a "
            "file of this form. Save it as CSV; nothing was stored."
        )


def _personal(mapping: Mapping) -> Iterator[tuple[str, str]]:
    yield from ((DROP, header) for header in mapping.drop)
    yield from ((HASH, header) for header in mapping.hash if header not in mapping.drop)


def _done(way: str, header: str) -> str:
    return f"{way} {header}"
