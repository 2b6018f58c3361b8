"""What an XLSX file says of a sheet as a whole: which rows are hidden, and how days count."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 22

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\sr=["'](\d+)["']""")
_FILTER = re.compile(rb"<(?:\w+:)?(?:filterColumn|autoFilter)\b")
_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\sdate1904=["'](?:1|true)["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True)
class Parts:
    """What an XLSX file says of one of its sheets."""

    hidden: frozenset[int] = frozenset()
    """Rows that are not shown, counted from 1."""
    is_filtered: bool = False
    """The sheet has a filter, which may hide them."""
    is_from_1904: bool = False
    """Its days are counted from 1904-01-01, as old Macs did, and not from 1899-12-30."""


def parts_of(path: Path, sheet: str) -> Parts:
    """Return what the parts of a workbook say of a sheet; nothing where they cannot be read."""
    with zipfile.ZipFile(path) as book:
        try:
            about = book.read("xl/workbook.xml")
            member = _member(book, about, sheet)
            lines, is_filtered = _hidden(book, member)
        except (KeyError, StopIteration):
            return Parts()
    return Parts(frozenset(lines), is_filtered, bool(_FROM_1904.search(about)))


def _member(book: zipfile.ZipFile, about: bytes, sheet: str) -> str:
    """Return the name of the part that holds a sheet."""
    sheets = (_attributes(found) for found in _SHEET.findall(about))
    own = next(found for found in sheets if found.get("name") == sheet)
    wanted = next(value for name, value in own.items() if name.endswith(":id"))
    relations = map(_attributes, _RELATION.findall(book.read("xl/_rels/workbook.xml.rels")))
    target = next(found["Target"] for found in relations if found.get("Id") == wanted)
    return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _attributes(text: bytes) -> dict[str, str]:
    return {
        name.decode(): html.unescape((one or other).decode())
        for name, one, other in _ATTRIBUTE.findall(text)
    }


def _hidden(book: zipfile.ZipFile, member: str) -> tuple[set[int], bool]:
    lines: set[int] = set()
    number, is_filtered = 0, False
    for block in _tags(book, member):
        is_filtered = is_filtered or bool(_FILTER.search(block))
        for row in _ROW.findall(block):
            told = _NUMBER.search(row)
            number = int(told[1]) if told else number + 1
            if _HIDDEN.search(row):
                lines.add(number)
    return lines, is_filtered


def _tags(book: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """Yield a part in blocks that each end with a tag."""
    rest = b""
    with book.open(member) as file:
        while block := file.read(BLOCK):
            whole, mark, rest = (rest + block).rpartition(b">")
            yield whole + mark
    yield rest
