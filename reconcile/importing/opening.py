"""From bytes to text or a sheet: by what the file holds, never by its name."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from reconcile.errors import BadFile, NoHeader

CHUNK = 1 << 22

_GZIP = b"\x1f\x8b"

_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18")
"""Begin of a Zstandard frame, and of one to be skipped: several threads write that first."""

_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls); save it as .xlsx or CSV",
    b"%PDF": "a PDF; ask for the table as CSV or XLSX",
    b"PARE": "an encrypted Parquet file; export it without encryption",
    b"\x7fELF": "a program",
    b"\x89PNG": "a picture; ask for the table as CSV or XLSX",
}

HEAD = 64
"""Bytes that tell what a file is."""

_ARRAY = re.compile(rb"(\xef\xbb\xbf)?\s*\[\s*\{")


class Stream(Protocol):
    """What can be read to its end."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""


_UTF8_PAIR = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass(frozen=True)
class Opened:
    """A file told apart by its bytes: a workbook, Parquet, or a text, UTF-8 or packed so."""

    name: str
    given: Path
    """The file itself."""
    path: Path
    """Where its text is: the file, or what it was transcoded to."""
    encoding: str = "xlsx"
    is_packed: bool = False

    @property
    def sha256(self) -> str:
        """Return the hash of its bytes; reads them."""
        with self.given.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def open_file(path: Path, folder: Path, *, name: str) -> Opened:
    """Open a file; a text in UTF-16 is written anew to `folder`. UTF-8 is not proven yet.

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


def as_cp1252(opened: Opened, folder: Path) -> Opened:
    """Return a text that proved to be no UTF-8, written anew to `folder`.

    Raises:
        BadFile: It is not all of one encoding, or of none that is known.
    """
    path = opened.path
    if opened.is_packed:
        path = _unpacked(path, folder / "unpacked", opened.name)
    _refuse_mixed(path, opened.name)
    target = folder / "text"
    _transcode(path, target, "cp1252", opened.name)
    return Opened(opened.name, opened.given, target, "cp1252")


def _open(path: Path, folder: Path, name: str) -> Opened:
    head = _head(path)
    is_packed = head.startswith((_GZIP, *_ZSTD))
    if is_packed:
        head = _packed_head(path, name)
    if not head:
        raise NoHeader(
            f"{name}: the file is empty (0 bytes). Export it again: even an export without rows "
            "has a header line."
        )
    _refuse_foreign(head, name)
    is_workbook = head.startswith(b"PK\x03\x04")
    is_parquet = head.startswith(b"PAR1")
    is_wide = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if is_packed and (is_workbook or is_parquet or is_wide):
        text = _unpacked(path, folder / "unpacked", name)
    else:
        text = path
    if is_workbook:
        _check_workbook(text, name)
        return Opened(name, path, text)
    if is_parquet:
        return Opened(name, path, text, "parquet")
    if is_wide:
        _transcode(text, folder / "text", "utf-16", name)
        return Opened(name, path, folder / "text", "utf-16")
    mark = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    return Opened(name, path, path, mark, is_packed)


def _refuse_foreign(head: bytes, name: str) -> None:
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise BadFile(f"{name}: is {what}.")
    if head[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise BadFile(f"{name}: is UTF-32. Save it as UTF-8.")
    if _ARRAY.match(head):
        raise BadFile(
            f"{name}: is a JSON array. Export it as JSON lines: one object on each line, without "
            "brackets around them."
        )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _packed_head(path: Path, name: str) -> bytes:
    with unpacking(name), path.open("rb") as file:
        return unpacked(file, _head(path)).read(HEAD)


@contextmanager
def unpacking(name: str) -> Iterator[None]:
    """Tell of a damaged file what is wrong with it."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's word, not that of a decoder
        raise BadFile(
            f"{name}: the packed file is damaged or cut off ({error}). Fetch it again."
        ) from error


def unpacked(file: BinaryIO, head: bytes) -> Stream:
    """Return what a file packs, by its first bytes; the file itself if it packs nothing."""
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)
    if head.startswith(_ZSTD):
        import pyarrow as pa

        stream: Stream = pa.CompressedInputStream(file, "zstd")
        return stream
    return file


def _unpacked(path: Path, target: Path, name: str) -> Path:
    with unpacking(name), path.open("rb") as file, target.open("wb") as plain:
        for chunk in _chunks(unpacked(file, _head(path))):
            plain.write(chunk)
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


def _chunks(file: Stream) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _refuse_mixed(path: Path, name: str) -> None:
    """Refuse a file in which some lines are UTF-8 and others are not: no reading is right."""
    utf8_line = other_line = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if b"\0" in line:
                raise not_text(name, number)
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


def not_text(name: str, line: int) -> BadFile:
    """Return the error of a file that holds NUL bytes."""
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
