"""JSON lines as records of text: one object on each line, whose keys are the headers.

Numbers keep their spelling, and are never made floats. Trap: the engine's own JSON functions turn
0.10 into 0.1 and 1e3 into 1000.0, and take what is no JSON.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reconcile.errors import BadFile, NoHeader
from reconcile.importing.fields import IDS
from reconcile.importing.found import Oddities, Reject
from reconcile.importing.locating.tables import Header
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.opening.chunks import Chunk, Chunks
from reconcile.importing.opening.files import HEAD, Opened, unpacked, unpacking
from reconcile.importing.opening.lines import Record
from reconcile.importing.reading.sorting import SHOWN
from reconcile.importing.reading.texts import RAW, read_records
from reconcile.importing.values.parts import Part
from reconcile.importing.values.typed import TypedRows

BLOCK = 1 << 16

MOST_KEYS = 2_000
"""A file with more keys than this uses them as data."""

_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_Members = dict[str, Any]


class _Number(str):
    """A number as it is spelled."""

    __slots__ = ()


class _Fault(Exception):
    """A line that is not one object of values."""

    def __init__(self, reason: str, column: str | None = None, value: str | None = None) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value


def _object(pairs: list[tuple[str, Any]]) -> _Members:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Fault(f"the key {twice!r} stands more than once in one object")
    return members


def _constant(name: str) -> None:
    raise _Fault(f"{name} is no value of JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_Number, parse_int=_Number, parse_constant=_constant
)


def is_json_lines(opened: Opened) -> bool:
    """Return whether the first character of a text, beside blanks, is a brace.

    Raises:
        BadFile: The file is damaged.
    """
    with opened.path.open("rb") as file, unpacking(opened.name):
        stream = unpacked(file, file.peek(HEAD))
        while block := stream.read(BLOCK):
            text = block.removeprefix(codecs.BOM_UTF8).lstrip()
            if text:
                return text.startswith(b"{")
    return False


def read_keys(chunks: Chunks, *, name: str) -> Header:
    """Return the keys of all objects as a header, in the order in which they first appear.

    Raises:
        BadFile: There are too many keys for a table, or the file is no text.
        NoHeader: No line holds an object with a key.
    """
    keys: dict[str, None] = {}
    while group := chunks.take(1):
        for line in group[0].text_lines():
            with suppress(_Fault):
                members = _members(line)
                if not members.keys() <= keys.keys():
                    keys.update(dict.fromkeys(members))
        if len(keys) > MOST_KEYS:
            raise BadFile(
                f"{name}: its objects have more than {MOST_KEYS} different keys, such as "
                f"{list(keys)[-1][:80]!r}, so keys are used as data. Export one object per row, "
                "with the same keys in each."
            )
    if not keys:
        raise NoHeader(
            f"{name}: begins with a brace, but no line of it holds a JSON object with keys. "
            "Export it as JSON lines: one whole object on each line."
        )
    return Header(list(keys), last_line=0, titles=0, blanks=0, span=0, delimiter=None)


@dataclass(frozen=True)
class _Keys:
    """Where the value of each key goes."""

    header: Header
    fields: dict[str, str]
    """Field of each key that is mapped."""

    @staticmethod
    def of(header: Header, columns: Columns) -> _Keys:
        named = {
            header.cells[place]: field
            for field, places in columns.fields.items()
            for place in places
        }
        return _Keys(header, named)

    def cells(self, members: _Members) -> list[str]:
        """Return the values in the order of the header.

        Raises:
            _Fault: A mapped key has a value that is none of one cell.
        """
        for key, field in self.fields.items():
            value = members.get(key)
            if type(value) is not str:
                _check_value(value, field)
        return [_cell(members.get(key)) for key in self.header.cells]


def _check_value(value: object, field: str) -> None:
    if isinstance(value, (dict, list)):
        raise _Fault("a nested value, not one of a cell", field, spelled(value))
    if isinstance(value, _Number) and field in IDS and not value.lstrip("-").isdigit():
        raise _Fault(
            "an id written as a number with a fraction or an exponent has lost digits; "
            "export it as text",
            field,
            value,
        )


def first_rows(chunks: Iterable[Chunk], header: Header) -> Iterator[Record]:
    """Yield the objects of some lines as they are written; what is none is left out."""
    for chunk in chunks:
        for number, line in enumerate(chunk.text_lines(), start=chunk.before + 1):
            members = members_of(line)
            if members is not None:
                yield Record(number, 1, [_cell(members.get(key)) for key in header.cells])


def read_objects(chunks: Chunks, header: Header, typed: TypedRows) -> Oddities:
    """Type the objects of all lines, chunk by chunk.

    Raises:
        BadFile: The file is no text.
        QuestionOpen, UnknownZone: As `TypedRows.take`.
    """
    found = Oddities()
    keys = _Keys.of(header, typed.table.columns)
    while group := chunks.take(1):
        rows = _records(group[0], keys, found)
        count = read_records(typed.engine, rows, header=header)
        typed.take(Part([RAW], count, is_whole=group[0].is_whole))
    return found


def _records(chunk: Chunk, keys: _Keys, found: Oddities) -> Iterator[Record]:
    for number, line in enumerate(chunk.text_lines(), start=chunk.before + 1):
        if not line.strip():
            found.put("blank", number)
            continue
        try:
            yield Record(number, 1, keys.cells(_members(line)))
        except _Fault as fault:
            found.classes["data"] += 1
            value = line.strip() if fault.value is None else fault.value
            found.rejects.append(Reject(number, value[:SHOWN], str(fault), fault.column))


def _members(line: str) -> _Members:
    """Return the members of the object on a line.

    Raises:
        _Fault: It is not one object, or holds what no text can hold.
    """
    try:
        value = _DECODER.decode(line.rstrip())
        if "\\u" in line and any(map(_NO_TEXT.search, _texts(value))):
            raise _Fault("holds a character that is none (a NUL, or half of a surrogate pair)")
    except json.JSONDecodeError as error:
        raise _Fault(f"no JSON: {error.msg} (at character {error.pos + 1})") from None
    except RecursionError:
        raise _Fault("nested too deeply") from None
    if not isinstance(value, dict):
        raise _Fault("no JSON object")
    return value


def members_of(line: str) -> _Members | None:
    """Return the members of the object on a line; None if it is not one object of values."""
    try:
        return _members(line)
    except _Fault:
        return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _cell(value: object) -> str:
    """Return a value as the text of a cell: a string bare, null empty, all else as spelled."""
    if isinstance(value, str):
        return str(value)
    return "" if value is None else spelled(value)


def spelled(value: object) -> str:
    """Return a value as JSON, its numbers as they came."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        members = (f"{spelled(key)}: {spelled(member)}" for key, member in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(spelled, value))}]"
    return json.dumps(value, ensure_ascii=False)
