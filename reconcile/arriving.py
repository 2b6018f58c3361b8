"""Files on their way in: what lies in the inbox folder, and how an uploaded file gets there."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from reconcile.errors import BadFile, BadParameters
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
    is_known: bool = True
    """Whether its bytes were read, so that `batch` can be told."""


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


def arrived(store: Store, *, at_once: int | None = None) -> list[Arrived]:
    """List the files of the inbox, the newest first, each with the batch that it is already.

    A file is read once to know its bytes, and again only when it was changed: what was read is
    remembered in the inbox. Where nothing is loaded none is read, for none can be there already.

    Args:
        store: Whose inbox.
        at_once: So many bytes are read at most; what was not read is told as such. None reads all.
    """
    inbox = inbox_of(store)
    known = {batch.sha256: batch for batch in store.batches(with_undone=True) if batch.undone_at}
    known |= {batch.sha256: batch for batch in store.batches()}
    hashes = _Hashes(inbox, at_once if known else 0)
    found = []
    for placed in placed_files(inbox):
        try:
            stat = placed.path.stat()
            digest = hashes.of(placed.path, stat.st_size, stat.st_mtime_ns)
        except (OSError, BadFile):
            continue  # it went, or is being written: the next look shows it
        changed = datetime.fromtimestamp(stat.st_mtime, UTC).replace(tzinfo=None)
        name = whole_text(placed.path.relative_to(inbox).as_posix())
        batch, is_known = known.get(digest or ""), not known or digest is not None
        found.append(Arrived(name, placed, stat.st_size, changed, batch, is_known))
    hashes.keep()
    return sorted(found, key=lambda one: (one.changed_at, one.name), reverse=True)


class _Hashes:
    """Hashes of the files of an inbox, remembered in it by place, size and time of change."""

    def __init__(self, inbox: Path, at_once: int | None) -> None:
        self._path, self._left = inbox / ".hashes.json", at_once
        self._new: dict[str, str] = {}
        try:
            self._known = dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._known = {}  # nothing is lost: they are read anew

    def of(self, path: Path, size: int, changed: int) -> str | None:
        """Return the hash of a file; None if more would have to be read than may be."""
        key = f"{whole_text(str(path))} {size} {changed}"
        digest: str | None = self._known.get(key)
        if digest is None and (self._left is None or size <= self._left):
            digest = file_hash(path)
            self._left = None if self._left is None else self._left - size
        if digest is not None:
            self._new[key] = digest
        return digest

    def keep(self) -> None:
        """Remember what is known of the files that are there."""
        if self._new == self._known:
            return
        part = self._path.with_suffix(f".{os.getpid()}")
        try:
            part.write_text(json.dumps(self._new), encoding="utf-8")
            part.replace(self._path)
        except OSError:  # a memory only: it is made again
            part.unlink(missing_ok=True)


def export_time(text: str) -> datetime | None:
    """Return when somebody says that a file was made, as naive UTC; None for a blank.

    Raises:
        BadParameters: It is no time, or names no offset from UTC.
    """
    if not text.strip():
        return None
    try:
        stated = datetime.fromisoformat(text.strip())
    except ValueError:
        stated = None
    if stated is None or stated.tzinfo is None:
        raise BadParameters(
            f"{text!r} is no time with its offset from UTC. Write it as 2026-12-03T09:00Z or "
            "2026-12-03T01:00-08:00."
        )
    return stated.astimezone(UTC).replace(tzinfo=None)


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
