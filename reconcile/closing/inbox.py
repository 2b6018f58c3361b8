"""The files of an inbox: each is imported by its template, or stays and says why.

What one row of a file is, is told by the folder it lies in (`leads`, `events`, `claims`), whose
files they are by a folder in that (`claims/acme`); else by the template of the headers. Nothing is
moved or removed: bytes that are loaded are known again.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from reconcile.arriving import FOLDERS, Placed, placed_files, seen
from reconcile.errors import BadFile, BadMapping, BadParameters, QuestionOpen
from reconcile.importing import import_file
from reconcile.importing.committing import file_hash
from reconcile.importing.recognising import kind_of
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store

_ORDER = {kind: place for place, kind in enumerate(Kind)}
"""Leads first, then events: what is stored helps to tell the zone of a buyer report."""


class Became(StrEnum):
    """What became of a file of the inbox."""

    IMPORTED = "imported"
    LOADED = "loaded already"
    UNDONE = "undone before"
    ASKS = "asks"
    REFUSED = "refused"


@dataclass(frozen=True)
class InboxFile:
    """A file of the inbox, by its place in it; `text` is the question, or why it is refused."""

    name: str
    kind: Kind | None
    became: Became
    batch: Batch | None = None
    text: str = ""


def check_inbox(inbox: Path, out: Path) -> None:
    """Refuse an inbox that is no folder, or that the results would be written into.

    Raises:
        BadParameters: As said.
    """
    if not inbox.is_dir():
        raise BadParameters(f"--inbox {inbox}: there is no such folder. Make it, or name another.")
    if out.resolve().is_relative_to(inbox.resolve()):
        raise BadParameters(
            f"--out {out}: lies in the inbox, whose files are imported. Name another folder."
        )


def take_inbox(store: Store, inbox: Path) -> Iterator[InboxFile]:
    """Import the files of an inbox, one after the other, and say of each what became of it.

    A file that asks or is refused stops no other, and leaves nothing behind.

    Raises:
        WarehouseError: The warehouse cannot be written to.
    """
    yield from _unread(inbox)
    found: list[tuple[int, str, Placed]] = []
    for file in placed_files(inbox):
        name = str(file.path.relative_to(inbox))
        try:
            known = _known(store, file.path)
            kind = None if known else file.kind or kind_of(store, file.path)
        except (BadFile, BadMapping) as error:
            yield InboxFile(name, file.kind, Became.REFUSED, text=str(error))
            continue
        if known is not None:
            yield _loaded(name, known)
        elif kind is None:
            yield InboxFile(name, None, Became.ASKS, text=_what_is_it(file))
        else:
            found.append((_ORDER[kind], name, replace(file, kind=kind)))
    for _, name, file in sorted(found, key=lambda item: item[:2]):
        yield _imported(store, name, file)


def _unread(inbox: Path) -> Iterator[InboxFile]:
    """Name the folders that are not looked into."""
    for path in seen(inbox):
        known = path.name.lower() in FOLDERS
        senders = seen(path) if known and path.is_dir() else ()
        deep = (p for sender in senders if sender.is_dir() for p in seen(sender) if p.is_dir())
        for folder in deep if known else [path] if path.is_dir() else ():
            text = (
                f"{folder}: is a folder, and was not looked into. Files lie in the inbox itself, "
                "in its folders leads, events and claims, or in a folder of their sender in these."
            )
            name = str(folder.relative_to(inbox))
            yield InboxFile(name, None, Became.REFUSED, text=text)


def _known(store: Store, path: Path) -> Batch | None:
    """Return the batch of these bytes; one that was undone only if no other counts."""
    digest = file_hash(path)
    for kind in Kind:
        batch = store.find_by_hash(digest, kind)
        if batch is not None:
            return batch
    gone = [b for b in store.batches(with_undone=True) if b.sha256 == digest]
    return gone[-1] if gone else None


def _loaded(name: str, batch: Batch, became: Became = Became.LOADED) -> InboxFile:
    """Return what is to be said of a file that is a batch, now or since long."""
    if batch.undone_at:
        text = (
            f"was imported before and undone (batch {batch.id}), so it was left alone. To import "
            "it again: reconcile import; else take it out of the inbox."
        )
        return InboxFile(name, batch.kind, Became.UNDONE, batch, text)
    if batch.rejected and not batch.rows:
        text = f"no row of it could be read: reconcile rejected {batch.id}"
        return InboxFile(name, batch.kind, Became.REFUSED, batch, text)
    return InboxFile(name, batch.kind, became, batch)


def _what_is_it(file: Placed) -> str:
    return (
        f"{file.path}: what is one row of it? No template has its headers, or templates of several "
        "kinds have them. Move it into the folder leads, events or claims of the inbox, or import "
        f"it once: {_command(file)}"
    )


def _command(file: Placed, *more: str) -> str:
    """Return how a file is imported by hand."""
    sender = ["--sender", file.sender] if file.sender else []
    words = ["reconcile", "import", str(file.path), "--kind", file.kind or "claim"]
    return " ".join(shlex.quote(word) for word in (*words, *sender, *more))


def _imported(store: Store, name: str, file: Placed) -> InboxFile:
    kind = file.kind or Kind.CLAIM
    try:
        outcome = import_file(store, file.path, kind=kind, sender=file.sender)
    except QuestionOpen as error:
        again = _command(file, "--answer", "KEY=VALUE")
        return InboxFile(name, kind, Became.ASKS, text=f"{error}\nAnswer it once: {again}")
    except (BadFile, BadMapping) as error:
        return InboxFile(name, kind, Became.REFUSED, text=str(error))
    return _loaded(name, outcome.batch, Became.LOADED if outcome.already else Became.IMPORTED)
