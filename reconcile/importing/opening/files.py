"""From bytes to text or a sheet: by what the file holds, never by its name."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from reconcile.errors import BadFile, NoHeader
from reconcile.importing.found import NonAscii
from reconcile.importing.opening.archives import archive_form, opening_archive, unpack_member

CHUNK = 1 << 22

_GZIP = b"\x1f\x8b"

_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18")
"""Begin of a Zstandard frame, and of one to be skipped: several threads write that first."""

_ZIP = b"PK\x03\x04"

_COMPOUND = b"\xd0\xcf\x11\xe0"
"""Begin of an old workbook, and of a new one that is encrypted."""

_FOREIGN = {
    b"PK\x05\x06": "a ZIP archive without a file; pack it again",
    b"PK\x07\x08": "a ZIP archive in several volumes; pack it as one",
    b"Rar!": "a RAR archive; pack it as ZIP or unpack it",
    b"7z\xbc\xaf": "a 7z archive; pack it as ZIP or unpack it",
    b"BZh": "a bzip2 archive; pack it as gzip or unpack it",
    b"%PDF": "a PDF; ask for the table as CSV or XLSX",
    b"PARE": "an encrypted Parquet file; export it without encryption",
    b"\x7fELF": "a program",
    b"\x89PNG": "a picture; ask for the table as CSV or XLSX",
}

HEAD = 4096
"""Bytes that tell what a file is."""

MOST_SHOWN = 8
"""Lines beyond ASCII by which a person sees whether an encoding is right."""

# Cells in error of a BIFF file (.xls): BOOLERR, and FORMULA whose result is an error. The reader
# gives them as empty cells. Source: [MS-XLS] 2.4.24, 2.4.127.
_OLD_ERROR = re.compile(
    rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01"
    rb"|\x06\x00.\x00.{6}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff",
    re.DOTALL,
)

_ARRAY = re.compile(rb"(\xef\xbb\xbf)?\s*\[\s*\{")


class Stream(Protocol):
    """What can be read to its end."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""


_UTF8_PAIR = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


BOOKS = ("xlsx", "ods", "xls")


@dataclass(frozen=True)
class Opened:
    """A file told apart by its bytes: a workbook, Parquet, or a text, UTF-8 or packed so."""

    name: str
    given: Path
    """The file itself."""
    path: Path
    """Where its text is: the file, or what it was unpacked or transcoded to."""
    encoding: str = "xlsx"
    is_packed: bool = False
    member: str | None = None
    """Its name in the ZIP archive that was given."""
    non_ascii: tuple[NonAscii, ...] = ()
    """Lines that show whether the encoding was chosen rightly; none where the file states it."""

    @property
    def is_workbook(self) -> bool:
        """Return whether it holds sheets."""
        return self.encoding in BOOKS

    @property
    def sha256(self) -> str:
        """Return the hash of its bytes; reads them."""
        with self.given.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def open_file(path: Path, folder: Path, *, name: str, member: str | None = None) -> Opened:
    """Open a file; a text in UTF-16 is written anew to `folder`. UTF-8 is not proven yet.

    Args:
        path: The file.
        folder: Where it is unpacked and transcoded to.
        name: What the caller calls it.
        member: The file to read, where it is a ZIP archive of several.

    Raises:
        BadFile: There is no such file, it cannot be read, or it is of a form not known here.
        BadMapping: The archive has no such member.
        NoHeader: It is empty.
        QuestionOpen: It is an archive of several files.
    """
    try:
        name.encode()
        if _head(path).startswith(_ZIP) and archive_form(path, name) == "zip":
            return _open_member(path, folder, name, member)
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


def _open_member(path: Path, folder: Path, name: str, wanted: str | None) -> Opened:
    target = folder / "member"
    member = unpack_member(path, target, name=name, wanted=wanted)
    inner = f"{name} ({member})"
    if _head(target).startswith(_ZIP) and archive_form(target, inner) == "zip":
        raise BadFile(f"{inner}: is a ZIP archive in a ZIP archive. Unpack it.")
    opened = _open(target, folder, inner)
    return replace(opened, name=name, given=path, member=member)


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
    return replace(
        opened, path=target, encoding="cp1252", is_packed=False, non_ascii=_non_ascii(target)
    )


def _non_ascii(path: Path) -> tuple[NonAscii, ...]:
    """Return the first lines with different characters beyond ASCII."""
    shown: list[NonAscii] = []
    seen: set[str] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            strange = {letter for letter in line if not letter.isascii()}
            if not strange <= seen:
                seen |= strange
                shown.append(NonAscii(number, _part_beyond_ascii(line)))
            if len(shown) == MOST_SHOWN:
                break
    return tuple(shown)


def _part_beyond_ascii(line: str) -> str:
    """Return the cell of a line that holds its first character beyond ASCII."""
    place = next(place for place, letter in enumerate(line) if not letter.isascii())
    cells = re.split(r'[,;\t|"\r\n]', line)
    end = 0
    for cell in cells:
        end += len(cell) + 1
        if end > place:
            return cell.strip()[:80]
    return line.strip()[:80]


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
    wide = _wide_encoding(head)
    is_book = head.startswith((_ZIP, _COMPOUND))
    is_parquet = head.startswith(b"PAR1")
    if is_packed and (is_book or is_parquet or wide):
        text = _unpacked(path, folder / "unpacked", name)
    else:
        text = path
    if is_book:
        return Opened(name, path, text, _book_form(text, name))
    if is_parquet:
        return Opened(name, path, text, "parquet")
    if wide:
        _transcode(text, folder / "text", wide, name)
        return Opened(name, path, folder / "text", wide)
    mark = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    return Opened(name, path, path, mark, is_packed)


def _wide_encoding(head: bytes) -> str | None:
    """Return the form of UTF-16 of a text, by its mark, or by where its NUL bytes stand.

    Digits, delimiters and line ends have one in each pair of bytes, always on the same side.
    """
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if len(head) < 4 or b"\0" not in head:
        return None
    first, second = head[::2].count(0), head[1::2].count(0)
    if min(first, second) == 0 and max(first, second) * 6 > len(head):
        return "utf-16-le" if second else "utf-16-be"
    return None


def _book_form(path: Path, name: str) -> str:
    """Return what kind of workbook a file is.

    Raises:
        BadFile: It is one that cannot be read safely, or none.
    """
    if _head(path).startswith(_COMPOUND):
        _check_old_book(path, name)
        return "xls"
    form = archive_form(path, name)
    if form == "zip":
        raise BadFile(f"{name}: is a ZIP archive in a packed file. Unpack it.")
    if form == "xlsb":
        raise BadFile(
            f"{name}: is a binary workbook (.xlsb), whose cells in error cannot be told from empty "
            "ones. Save it as .xlsx."
        )
    if form == "ods":
        with opening_archive(path, name) as archive:
            if b'value-type="error"' in archive.read("content.xml"):
                raise _in_error(name)
    return form


def _check_old_book(path: Path, name: str) -> None:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise BadFile(f"{name}: is a workbook encrypted with a password. Save it without one.")
    if _OLD_ERROR.search(content):
        raise _in_error(name)


def _in_error(name: str) -> BadFile:
    return BadFile(
        f"{name}: holds cells in error (such as #N/A), which this form of workbook does not tell "
        "from empty ones. Save it as .xlsx."
    )


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
        f"{name}: line {line} holds NUL bytes, so it is no text, or its encoding is not known. "
        "Save it as UTF-8."
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
