"""ZIP archives: the one file in them that holds the data, and those that are none to be opened."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from reconcile.errors import BadFile, BadMapping
from reconcile.importing.questions import Choice, Question, asked

MOST_RATIO = 250
"""A table is seldom packed to a hundredth; a bomb to a thousandth."""

MUCH = 1 << 28
"""Bytes below which nothing is a bomb."""

_BOOKS = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
}


@contextmanager
def opening_archive(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Raises:
        BadFile: It is damaged, packed in a way not known here, or encrypted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BadFile(
            f"{name}: the file is damaged or cut off ({error}). Fetch it again."
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise BadFile(f"{name}: cannot be unpacked ({error}). Pack it as a plain ZIP.") from error


def archive_form(path: Path, name: str) -> str:
    """Return `xlsx`, `xlsb` or `ods` for a workbook, `zip` for any other archive.

    Raises:
        BadFile: It is damaged, encrypted, or would unpack to far more than a table does.
    """
    with opening_archive(path, name) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        form = next((form for mark, form in _BOOKS.items() if mark in names), "zip")
        if form == "ods" and b"opendocument.spreadsheet" not in _read(archive, names, "mimetype"):
            form = "zip"
        if form == "ods" and b"encryption-data" in _read(archive, names, "META-INF/manifest.xml"):
            raise _encrypted(name)
        for member in members if form != "zip" else ():
            _check(member, name)
    return form


def _read(archive: zipfile.ZipFile, names: set[str], wanted: str) -> bytes:
    return archive.read(wanted) if wanted in names else b""


def _encrypted(name: str) -> BadFile:
    return BadFile(f"{name}: is encrypted with a password. Save or pack it without one.")


def _check(member: zipfile.ZipInfo, name: str) -> None:
    if member.flag_bits & 1:
        raise _encrypted(name)
    if member.file_size > MUCH and member.file_size > MOST_RATIO * member.compress_size:
        raise BadFile(
            f"{name}: {member.filename} would unpack from {member.compress_size:,} to "
            f"{member.file_size:,} bytes, as no table does. Nothing was unpacked."
        )


def unpack_member(path: Path, target: Path, *, name: str, wanted: str | None) -> str:
    """Write the one file of an archive to `target`, or the one that is wanted; return its name.

    Raises:
        BadFile: The archive holds no file, is damaged, encrypted or a bomb, or the disk is full.
        BadMapping: It has no such member.
        QuestionOpen: It holds several, and none was named.
    """
    with opening_archive(path, name) as archive:
        member = _chosen(archive, name, wanted)
        _check(member, name)
        free = shutil.disk_usage(target.parent).free
        if member.file_size > free:
            raise BadFile(
                f"{name}: {member.filename} needs {member.file_size:,} bytes to be unpacked, and "
                f"{free:,} are free on the disk."
            )
        with archive.open(member) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
    return member.filename


def _chosen(archive: zipfile.ZipFile, name: str, wanted: str | None) -> zipfile.ZipInfo:
    files = {member.filename: member for member in archive.infolist() if _is_data(member)}
    if wanted is not None:
        if wanted not in files:
            listed = ", ".join(files) or "none"
            raise BadMapping(f"{name}: the archive has no file {wanted!r}; it has {listed}.")
        return files[wanted]
    if not files:
        raise BadFile(f"{name}: the ZIP archive holds no file. Pack it again.")
    if len(files) > 1:
        raise asked(name, [_question(list(files.values()))])
    return next(iter(files.values()))


def _is_data(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is none of those that an operating system adds."""
    parts = PurePosixPath(member.filename).parts
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not member.is_dir() and not is_hidden


def _question(files: list[zipfile.ZipInfo]) -> Question:
    return Question(
        key="member",
        text=f"the archive holds {len(files)} files. Which one is to be read?",
        choices=tuple(
            Choice(member.filename, f"{member.file_size:,} bytes") for member in files[:20]
        ),
        is_free=len(files) > 20,
    )
