"""A sheet without its personal values as a text, from which it is read again cell by cell.

The first line names the form, the second one says what the sheet shows beside its values, and each
other one is a row: a list of JSON, in which what is no text or number is `{type: text}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from reconcile.errors import BadFile
from reconcile.importing.locating.tables import Header
from reconcile.importing.opening.files import HEAD, Opened, unpacked, unpacking
from reconcile.importing.opening.lines import Record
from reconcile.importing.opening.looks import Looks, padded
from reconcile.importing.opening.parts import Parts
from reconcile.importing.reading.personal import CLEANED, WITHHELD, Personal
from reconcile.importing.reading.workbook import Sheet, cell_text

BLOCK = 1 << 20

_FIRST = b"#reconcile sheet 1\n"

_LOOKS = tuple(part.name for part in fields(Looks))


def cleaned_sheet(
    opened: Opened, sheet: Sheet, header: Header, *, personal: Personal, folder: Path
) -> Opened:
    """Write a sheet without its personal values to a folder, row by row as it was.

    Other sheets of the workbook are left out. A row with a cell beyond the header may hold
    personal values anywhere: it is withheld, and ends up rejected.
    """
    target = folder / CLEANED
    hidden = _Hidden(sheet, header, personal)
    rows = list(hidden.rows())
    told: dict[str, Any] = {
        "encoding": opened.encoding,
        "title": sheet.title,
        "merged": sheet.merged,
    }
    told |= {name: _listed(getattr(sheet.looks, name), hidden) for name in _LOOKS}
    parts = sheet.parts
    told["parts"] = [sorted(parts.hidden), parts.is_filtered, parts.is_from_1904]
    with target.open("wb") as file:
        file.write(_FIRST)
        file.writelines(json.dumps(line, default=_typed).encode() + b"\n" for line in (told, *rows))
    return Opened(opened.name, opened.given, target, opened.encoding)


def kept_sheet(opened: Opened) -> tuple[Opened, Sheet] | None:
    """Return the sheet that `cleaned_sheet` has written, and as what it was opened; None else.

    Raises:
        BadFile: The file is damaged.
    """
    with opened.path.open("rb") as file, unpacking(opened.name):
        stream = unpacked(file, file.peek(HEAD))
        block = stream.read(BLOCK)
        if not block.startswith(_FIRST):
            return None
        blocks = [block]
        while block := stream.read(BLOCK):
            blocks.append(block)
    try:
        return _read(opened, b"".join(blocks).splitlines()[1:])
    except (ValueError, LookupError, TypeError) as error:
        raise BadFile(f"{opened.name}: the kept sheet is damaged ({error}).") from error


def _read(opened: Opened, lines: list[bytes]) -> tuple[Opened, Sheet]:
    told, *rows = (json.loads(line, object_hook=_value) for line in lines)
    looks = {name: {(row, place): text for row, place, text in told[name]} for name in _LOOKS}
    merged = [((a, b), (c, d)) for (a, b), (c, d) in told["merged"]]
    hidden, *others = told["parts"]
    parts = Parts(frozenset(hidden), *others)
    sheet = Sheet(told["title"], rows, merged, Looks(**looks), parts)
    return replace(opened, encoding=told["encoding"]), sheet


class _Hidden:
    """The rows of a sheet without its personal values."""

    def __init__(self, sheet: Sheet, header: Header, personal: Personal) -> None:
        self._sheet = sheet
        self._header = header
        self._personal = personal
        self.withheld: set[int] = set()

    def is_hidden(self, line: int, place: int) -> bool:
        """Say whether a cell (counted from 1) shows nothing more of itself."""
        is_below = line > self._header.last_line
        return is_below and (place - 1 in self._personal.places or line in self.withheld)

    def rows(self) -> Iterator[list[object]]:
        """Yield the values of each row."""
        width = len(self._header.cells)
        texts = self._sheet.records
        yield from self._sheet.values[: self._header.last_line]
        for row, values in islice(
            zip(texts, self._sheet.values, strict=True), self._header.last_line, None
        ):
            self._personal = self._personal.below(row.cells)
            if self._personal.is_beyond(row.cells):
                self.withheld.add(row.line_no)
                yield [WITHHELD[0]] * (width + 1)
                continue
            shown = Record(row.line_no, 1, [self._shown(row, p) for p in range(len(row.cells))])
            kept = self._personal.cells(shown)
            yield [
                kept[place] if place in self._personal.places else value
                for place, value in enumerate(values)
            ]

    def _shown(self, row: Record, place: int) -> str:
        code = self._sheet.looks.formats.get((row.line_no, place + 1))
        value = self._sheet.values[row.line_no - 1][place]
        if code is None or not isinstance(value, (int, float)):
            return row.cells[place]
        return padded(value, code) or cell_text(value)


def _listed(looks: dict[tuple[int, int], str], hidden: _Hidden) -> list[tuple[int, int, str]]:
    return [(*place, text) for place, text in looks.items() if not hidden.is_hidden(*place)]


def _typed(value: object) -> dict[str, Any]:
    """Return a value that JSON has no form for."""
    if isinstance(value, timedelta):
        return {"timedelta": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, (datetime, date, time)):
        return {type(value).__name__: value.isoformat()}
    return {"str": str(value)}


def _value(pair: dict[str, Any]) -> object:
    if len(pair) != 1:
        return pair
    [(kind, value)] = pair.items()
    if kind == "timedelta":
        days, seconds, microseconds = value
        return timedelta(days, seconds, microseconds)
    known: dict[str, Callable[[str], object]] = {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
    }
    return known[kind](value) if kind in known else value
