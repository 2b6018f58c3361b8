"""From bytes to text or a sheet: by what the file holds, never by its name."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reconcile.errors import BadFile, NoHeader

CHUNK = 1 << 22

_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls); save it as .xlsx or CSV",
    b"%PDF": "a PDF; ask for the table as CSV or XLSX",
    b"PAR1": "a Parquet file; export it as CSV",
    b"\x7fELF": "a program",
    b"\x89PNG": "a picture; ask for the table as CSV or XLSX",
}

_PATTERN_LETTERS = frozenset("*?[]{}")

_SPACED = (b'" ', b' "')

_UTF8_PAIR = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass(frozen=True)
class Opened:
    """A file that was told apart by its bytes: a UTF-8 text on disk, or a workbook."""

    name: str
    sha256: str
    path: Path
    encoding: str = "xlsx"
    lines: int = 0
    is_even: bool = False
    """It has one kind of line end, and no blank beside a quote: every reader agrees on it."""

    def text_lines(self) -> Iterator[str]:
        """Yield the lines with their ends; a carriage return alone ends one too."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            yield from file


def open_file(path: Path, folder: Path, *, name: str) -> Opened:
    """Open a file; a text that is not plain UTF-8 is written anew to `folder`.

    Raises:
        BadFile: There is no such file, it cannot be read, or it is of a form not known here.
        NoHeader: It is empty.
    """
    try:
        name.encode()
        return _open(path, folder, name)
    except UnicodeEncodeError as error:
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise BadFile(f"{shown}: the name of the file is not UTF-8. Rename it.") from error
    except FileNotFoundError as error:
        raise BadFile(f"{name}: there is no such file.") from error
    except IsADirectoryError as error:
        raise BadFile(f"{name}: is a folder. Name the files in it.") from error
    except OSError as error:
        raise BadFile(f"{name}: cannot be read ({error.strerror or error}).") from error


def _open(path: Path, folder: Path, name: str) -> Opened:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    head = _head(path)
    if head.startswith(b"\x1f\x8b"):
        path = _unpacked(path, folder / "unpacked", name)
        head = _head(path)
    if not head:
        raise NoHeader(
            f"{name}: the file is empty (0 bytes). Export it again: even an export without rows "
            "has a header line."
        )
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise BadFile(f"{name}: is {what}.")
    if head.startswith(b"PK\x03\x04"):
        _check_workbook(path, name)
        return Opened(name, sha256, path)
    return _text(path, folder / "text", name, sha256)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _unpacked(path: Path, target: Path, name: str) -> Path:
    try:
        with gzip.open(path) as packed, target.open("wb") as plain:
            while chunk := packed.read(CHUNK):
                plain.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadFile(
            f"{name}: the gzip file is damaged or cut off ({error}). Fetch it again."
        ) from error
    return target


def _check_workbook(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except zipfile.BadZipFile as error:
        raise BadFile(f"{name}: the file is damaged or cut off ({error}).") from error
    if "xl/workbook.xml" not in members:
        raise BadFile(
            f"{name}: is a ZIP archive, not a workbook. Unpack it and name the file in it: "
            f"{', '.join(members[:3])}."
        )


def _text(path: Path, target: Path, name: str, sha256: str) -> Opened:
    """Tell the encoding: byte order mark, else strict UTF-8, else cp1252."""
    head = _head(path)
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise BadFile(f"{name}: is UTF-32. Save it as UTF-8.")
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        _transcode(path, target, "utf-16", name)
        return _counted(name, sha256, target, "utf-16")
    mark = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    if _is_utf8(path):
        return _counted(name, sha256, _plainly_named(path, target), mark)
    _refuse_mixed(path, name)
    _transcode(path, target, "cp1252", name)
    return _counted(name, sha256, target, "cp1252")


def _plainly_named(path: Path, target: Path) -> Path:
    """Return the file under a name that the engine does not take for a pattern of names."""
    if not _PATTERN_LETTERS.intersection(str(path)):
        return path
    shutil.copyfile(path, target)
    return target


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            for chunk in _chunks(file):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_mixed(path: Path, name: str) -> None:
    """Refuse a file in which some lines are UTF-8 and others are not: no reading is right."""
    utf8_line = other_line = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if b"\0" in line:
                raise _no_text(name, number)
            if line.isascii():
                continue
            rest = _UTF8_PAIR.sub(b"", line)
            utf8_line = utf8_line or (number if len(rest) < len(line) else 0)
            other_line = other_line or (number if not rest.isascii() else 0)
    if utf8_line and other_line:
        raise BadFile(
            f"{name}: mixes encodings: line {utf8_line} is UTF-8, line {other_line} is not. "
            "Ask for an export in UTF-8; nothing was read."
        )


def _no_text(name: str, line: int) -> BadFile:
    return BadFile(
        f"{name}: line {line} holds NUL bytes, so it is no text, or UTF-16 without a byte order "
        "mark. Save it as UTF-8."
    )


def _transcode(path: Path, target: Path, encoding: str, name: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as source, target.open("wb") as plain:
            for chunk in _chunks(source):
                plain.write(decoder.decode(chunk).encode())
            plain.write(decoder.decode(b"", final=True).encode())
    except UnicodeError as error:
        raise BadFile(
            f"{name}: is neither UTF-8 nor {encoding} ({error}). Save it as UTF-8."
        ) from error


def _counted(name: str, sha256: str, path: Path, encoding: str) -> Opened:
    """Count the lines, and refuse what is no text."""
    feeds = returns = pairs = 0
    is_spaced = False
    last = b""
    with path.open("rb") as file:
        for chunk in _chunks(file):
            if b"\0" in chunk:
                raise _no_text(name, feeds + chunk[: chunk.index(b"\0")].count(b"\n") + 1)
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            # The engine takes `, "x"` for a quoted cell and `,  "x"` not; here it never is one.
            seam = last + chunk[:1]
            is_spaced = is_spaced or any(pair in chunk or pair == seam for pair in _SPACED)
            last = chunk[-1:]
    open_end = 0 if last in (b"\n", b"\r", b"") else 1
    is_even = returns == pairs and pairs in (0, feeds) and not is_spaced
    return Opened(name, sha256, path, encoding, feeds + returns - pairs + open_end, is_even)
