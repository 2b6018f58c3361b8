"""What a batch keeps beside its rows, so that its file can be typed again.

That is the file itself, and what was said of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, BinaryIO, Protocol

from reconcile.errors import BadFile
from reconcile.importing.mapping.mappings import mapping_data, mapping_of
from reconcile.importing.reading.personal import CLEANED
from reconcile.importing.records import STATED, Mapping, StagedFile
from reconcile.warehouse import Batch

if TYPE_CHECKING:
    from concurrent.futures import Future

SOURCE = "source"
"""File of a batch's folder: the imported one as it was given, a bare text packed by Zstandard."""

BLOCK = 1 << 22

_PACKED = (
    *(b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"),  # gzip, Zstandard
    *(b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"),  # ZIP and .xlsx, Parquet, .xls
)


class _Sink(Protocol):
    """What can be written to."""

    def write(self, block: bytes, /) -> object:
        """Take a block."""


@dataclass(frozen=True)
class Stated:
    """What was said of a file when it was read."""

    mapping: Mapping
    zone: str | None
    sender: str | None
    cleaned: tuple[str, ...] = ()
    """What the kept file lacks or has as hashes: `drop HEADER`, `hash HEADER`."""
    salt: str | None = None
    """The mark of the salt by which it was hashed; None if nothing was, or by none."""

    @staticmethod
    def of(staged: StagedFile, *, zone: str | None) -> Stated:
        """Return what was said of a file that was read, by the run's zone."""
        return Stated(staged.told, zone, staged.sender, staged.cleaned, staged.hashed_by)


@contextmanager
def keeping_source(path: Path, folder: Path) -> Iterator[Future[str]]:
    """Copy a file into a folder meanwhile; what is yielded becomes the hash of what was copied.

    If what is done meanwhile fails, the rest is not waited for.
    """
    is_over = Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            yield pool.submit(_copied, path, folder / SOURCE, is_over)
        except BaseException:
            is_over.set()
            raise


def _copied(path: Path, target: Path, is_over: Event) -> str:
    """Copy a file, packed if it is not; return its sha256."""
    with path.open("rb") as file, target.open("wb") as plain:
        is_packed = file.read(4).startswith(_PACKED)
        file.seek(0)
        if is_packed:
            return _poured(file, plain, is_over)
        import pyarrow as pa

        with pa.CompressedOutputStream(plain, "zstd") as packed:
            return _poured(file, packed, is_over)


def _poured(source: BinaryIO, target: _Sink, is_over: Event) -> str:
    digest = hashlib.sha256()
    while not is_over.is_set() and (block := source.read(BLOCK)):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def keep_cleaned(folder: Path) -> bool:
    """Let the text without personal columns, if there is one, be the file that is kept."""
    clean = folder / CLEANED
    if not clean.is_file():
        return False
    (folder / SOURCE).unlink(missing_ok=True)
    _copied(clean, folder / SOURCE, Event())
    clean.unlink()
    return True


def keep_stated(folder: Path, stated: Stated) -> None:
    """Write what was said of a file beside its rows."""
    told = {
        "mapping": mapping_data(stated.mapping),
        "name": stated.mapping.name,
        "zone": stated.zone,
        "sender": stated.sender,
        "cleaned": stated.cleaned,
        "salt": stated.salt,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    (folder / STATED).write_text(text + "\n", encoding="utf-8")


def source_of(batch: Batch) -> Path:
    """Return the file that a batch keeps.

    Raises:
        BadFile: It was imported before files were kept.
    """
    path = batch.path / SOURCE
    if not path.is_file():
        raise BadFile(
            f"batch {batch.id} ({batch.file}): its file was not kept, because an earlier release "
            f"imported it. Undo it (reconcile undo {batch.id}) and import {batch.file} again."
        )
    return path


def stated_of(batch: Batch) -> Stated:
    """Return by what the rows of a batch were read; errors as `source_of`."""
    source_of(batch)
    told = json.loads((batch.path / STATED).read_text(encoding="utf-8"))
    mapping = mapping_of(told["name"], told["mapping"])
    cleaned = tuple(told["cleaned"])
    return Stated(mapping, told["zone"], told["sender"], cleaned, told.get("salt"))
