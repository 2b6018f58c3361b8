"""What a workbook shows and its reader does not tell: errors, empty formulas, ids, currencies.

The reader gives an empty cell for `#N/A`, for a formula that was never computed, and 42 for what a
sheet shows as 00000042. The second, slow reader is asked only where the file holds such a thing.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reconcile.importing.opening.coins import coin_shown

BLOCK = 1 << 22

_OVERLAP = 1024

_ERROR = re.compile(rb"""\st=["']e["']""")
_NO_VALUE = re.compile(rb"(?:</f>|<f[^<>]*/>)\s*(?:<v\s*/>|<v></v>|</c>)")
_FORMAT = re.compile(rb'formatCode="([^"]*)"')

_USED = re.compile(rb"<cellXfs.*?</cellXfs>", re.DOTALL)
"""The formats of cells; other lists name those of styles that no cell may have."""

_TELLING = re.compile(rb'numFmtId="(?:[5-8]|9|10|42|44)"')
"""The formats in percent and with a currency that every workbook has."""

_STYLES = "xl/styles.xml"

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')

_BRACKETS = re.compile(r"\[[^\]]*\]")

Place = tuple[int, int]
"""Row and column, both counted from 1."""


@dataclass(frozen=True)
class Looks:
    """Cells of a sheet that are not what their values say."""

    errors: dict[Place, str] = field(default_factory=dict)
    """`#N/A` and the like."""
    formulas: dict[Place, str] = field(default_factory=dict)
    """Formulas whose value is not in the file."""
    formats: dict[Place, str] = field(default_factory=dict)
    """Number formats that pad with zeros."""
    shares: dict[Place, str] = field(default_factory=dict)
    """Numbers that are shown in percent, as they are shown: 0.125 is 12.5%."""
    coins: dict[Place, str] = field(default_factory=dict)
    """Numbers whose currency stands in their format alone: what it shows."""


def looks_of(path: Path, sheet: str) -> Looks:
    """Return the cells of a sheet that its reader does not tell as they are shown."""
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        has_errors = _holds(book, sheets, _ERROR)
        has_formulas = _holds(book, sheets, _NO_VALUE)
        styles = book.read(_STYLES) if _STYLES in book.namelist() else b""
    codes = [html.unescape(code.decode()) for code in _FORMAT.findall(styles)]
    used = b"".join(_USED.findall(styles)) or styles
    has_formats = any(map(_tells, codes)) or _TELLING.search(used)
    if not (has_errors or has_formulas or has_formats):
        return Looks()
    looks = Looks()
    for place, cell in _cells(path, sheet, computed=True):
        if cell.data_type == "e":
            looks.errors[place] = str(cell.value)
        elif cell.data_type == "n" and cell.value is not None:
            if _pads(cell.number_format):
                looks.formats[place] = cell.number_format
            elif _is_share(cell.number_format):
                looks.shares[place] = f"{format(cell.value * 100, '.12g')}%"
            elif (coin := _coin(cell.number_format)) is not None:
                looks.coins[place] = coin
    if has_formulas:
        looks.formulas.update(_without_value(path, sheet))
    return looks


def _without_value(path: Path, sheet: str) -> dict[Place, str]:
    formulas = {
        place: str(getattr(cell.value, "text", cell.value))
        for place, cell in _cells(path, sheet, computed=False)
        if cell.data_type == "f"
    }
    # An empty text is a value, and its type tells it from none.
    for place, cell in _cells(path, sheet, computed=True):
        if cell.value is not None or cell.data_type != "n":
            formulas.pop(place, None)
    return formulas


def _holds(book: zipfile.ZipFile, members: Iterable[str], wanted: re.Pattern[bytes]) -> bool:
    return any(wanted.search(block) for name in members for block in _blocks(book, name))


def _blocks(book: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    before = b""
    with book.open(name) as file:
        while block := file.read(BLOCK):
            yield before + block
            before = block[-_OVERLAP:]


def _cells(path: Path, sheet: str, *, computed: bool) -> Iterator[tuple[Place, Any]]:
    """Yield the cells that are there, with their places."""
    from openpyxl import load_workbook

    # It refuses paths by their ending, and a member of an archive or a kept file has none.
    file = path.open("rb")
    book = load_workbook(file, read_only=True, data_only=computed)
    try:
        page = book[sheet]
        page.reset_dimensions()  # what a file says of its size is often wrong
        for row in page.iter_rows():
            for cell in row:
                place = getattr(cell, "row", None), getattr(cell, "column", None)
                if place[0] is not None and place[1] is not None:
                    yield (place[0], place[1]), cell
    finally:
        book.close()
        file.close()


def _tells(code: str) -> bool:
    return _pads(code) or _is_share(code) or coin_shown(code) is not None


@cache
def _coin(code: str) -> str | None:
    return coin_shown(code)


def _pads(code: str) -> bool:
    """Say whether a number format shows zeros that the number does not have."""
    plain = _BRACKETS.sub("", _QUOTED.sub("", code.split(";", maxsplit=1)[0]))
    whole = plain.split(".")[0]
    return whole.count("0") >= 2 and not re.search(r"[a-zA-Z%,]", plain.replace("General", ""))


def _is_share(code: str) -> bool:
    return "%" in _QUOTED.sub("", code)


def padded(value: float, code: str) -> str | None:
    """Return a whole number as a format of zeros and fixed characters shows it; None otherwise.

    `00000000` shows 42 as 00000042, `000-0000` shows 5551234 as 555-1234.
    """
    form = _literal(code.split(";", maxsplit=1)[0])
    if value < 0 or value != int(value) or form is None:
        return None
    digits = str(int(value)).rjust(sum(mark is None for mark in form), "0")
    most = len(digits) - sum(mark is None for mark in form)
    shown: list[str] = []
    taken = 0
    for mark in form:
        if mark is not None:
            shown.append(mark)
            continue
        end = taken + 1 + (most if taken == 0 else 0)
        shown.append(digits[taken:end])
        taken = end
    return "".join(shown)


def _literal(code: str) -> list[str | None] | None:
    """Return the characters of a format, None for each digit; None if it is of another kind."""
    form: list[str | None] = []
    place = 0
    while place < len(code):
        found = _QUOTED.match(code, place)
        if found:
            if found[0][0] in "_*":
                return None
            form += list(found[1] if found[1] is not None else found[2])
            place = found.end()
            continue
        if code[place] == "0":
            form.append(None)
        elif code[place] in "-/() ":
            form.append(code[place])
        else:
            return None
        place += 1
    return form
