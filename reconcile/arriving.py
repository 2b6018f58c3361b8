"""Files on their way in: what lies in the inbox folder, and how an uploaded file gets there."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from reconcile.errors import BadFile
from reconcile.importing.committing import file_hash
from reconcile.showing import whole_text
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store

FOLDERS = {name: kind for kind in Kind for name in (kind.value, f"{kind.value}s")}
"""Names of the folders of an inbox whose files need no telling."""

MOST_UPLOAD = 200 << 20
"""Bytes of an uploaded file at most: it is in memory on its way. Larger ones go to the folder."""

_BLOCK = 1 << 20
_NAME = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")


@dataclass(frozen=True)
class Placed:
    """A file of an inbox, and what the folders that it lies in say of it."""

    path: Path
    kind: Kind | None = None
    sender: str | None = None


@dataclass(frozen=True)
class Arrived:
    """A file of an inbox as lists show it; `name` is its place in the inbox, times are UTC."""

    name: str
    placed: Placed
    size: int
    changed_at: datetime
    batch: Batch | None
    """The batch of these very bytes; an undone one only if no other counts."""


def inbox_of(store: Store) -> Path:
    """Return the inbox of a warehouse, `inbox` in its folder, made if it is not there."""
    folder = store.home / "inbox"
    folder.mkdir(exist_ok=True)
    return folder


def placed_files(inbox: Path) -> Iterator[Placed]:
    """Yield the files of an inbox in the order of their names, with what their folders say."""
    for path in seen(inbox):
        if path.is_file():
            yield Placed(path)
        elif path.is_dir() and path.name.lower() in FOLDERS:
            kind = FOLDERS[path.name.lower()]
            for inner in seen(path):
                if inner.is_file():
                    yield Placed(inner, kind)
                elif inner.is_dir():  # a link that leads nowhere is neither
                    own = (file for file in seen(inner) if file.is_file())
                    yield from (Placed(file, kind, inner.name) for file in own)


def seen(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name; hidden files are none of ours."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def arrived(store: Store) -> list[Arrived]:
    """List the files of the inbox, the newest first, each with the batch that it is already.

    A file is read once to know its bytes, and again only when it was changed.
    """
    inbox = inbox_of(store)
    known = {batch.sha256: batch for batch in store.batches(with_undone=True) if batch.undone_at}
    known |= {batch.sha256: batch for batch in store.batches()}
    found = []
    for placed in placed_files(inbox):
        try:
            stat = placed.path.stat()
            digest = _hash_of(str(placed.path), stat.st_size, stat.st_mtime_ns)
        except (OSError, BadFile):
            continue  # it went, or is being written: the next look shows it
        changed = datetime.fromtimestamp(stat.st_mtime, UTC).replace(tzinfo=None)
        name = whole_text(placed.path.relative_to(inbox).as_posix())
        found.append(Arrived(name, placed, stat.st_size, changed, known.get(digest)))
    return sorted(found, key=lambda one: (one.changed_at, one.name), reverse=True)


@lru_cache(maxsize=4096)
def _hash_of(path: str, size: int, changed: int) -> str:  # noqa: ARG001 - part of the key
    return file_hash(Path(path))


def keep_upload(store: Store, name: str, source: BinaryIO) -> Path:
    """Put an uploaded file into the inbox, whole or not at all, under a safe name.

    Args:
        store: Whose inbox.
        name: What the sender called it; see `safe_name`. If another file has that name, a part of
            the hash of its bytes is put behind it; the same bytes are kept once.
        source: Its bytes, read from where it stands.

    Raises:
        BadFile: It is empty, or larger than `MOST_UPLOAD`; nothing was kept.
    """
    inbox = inbox_of(store)
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile("wb", dir=inbox, prefix=".upload-", delete=False) as file:
        part = Path(file.name)
        try:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > MOST_UPLOAD:
                    raise BadFile(
                        f"{name}: is larger than {MOST_UPLOAD >> 20} MB, the most that is "
                        f"uploaded. Put it into the folder {inbox}."
                    )
                digest.update(block)
                file.write(block)
            if not size:
                raise BadFile(f"{name}: is empty.")
            file.flush()
            os.fsync(file.fileno())
            target = _free_place(inbox / safe_name(name), digest.hexdigest())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return target


def safe_name(name: str) -> str:
    """Return a file name of letters, digits, blanks, `.`, `_` and `-`, hidden nowhere.

    >>> safe_name("../../Acme: März (2).csv")
    'Acme_ M_rz _2_.csv'
    >>> safe_name(".bashrc")
    'bashrc'
    """
    own = PurePosixPath(name.replace("\\", "/")).name
    own = _UNSAFE.sub("_", own).strip(" .") or "upload"
    stem, dot, ending = own.rpartition(".")
    if not dot or len(ending) > 10:
        return own[:_NAME]
    return f"{stem[: _NAME - len(ending) - 1].rstrip()}.{ending}"


def _free_place(wanted: Path, digest: str) -> Path:
    """Return a name that is free, or that of a file with these very bytes; a folder keeps its."""
    if not wanted.exists() or (wanted.is_file() and file_hash(wanted) == digest):
        return wanted
    return wanted.with_name(f"{wanted.stem}-{digest[:8]}{wanted.suffix}")
