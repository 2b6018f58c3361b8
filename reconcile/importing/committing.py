"""A staged file into the warehouse: once, whatever it is called and however often it is given."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import BadFile, QuestionOpen, WarehouseError
from reconcile.importing.chunks import Progress
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.staging import stage
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, tidy


@dataclass(frozen=True)
class ImportOutcome:
    """What became of one file."""

    batch: Batch
    already: bool
    """The same bytes were there before as this kind; nothing was changed."""
    staged: StagedFile | None
    """None if the file was there before: then it was not read again."""


def import_file(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    path: Path | str,
    *,
    kind: Kind,
    mapping: Mapping | None = None,
    zone: str | None = None,
    sender: str | None = None,
    user: str | None = None,
    exported_at: datetime | None = None,
    progress: Progress | None = None,
) -> ImportOutcome:
    """Import one file as one batch.

    Args:
        store: Where the batch goes.
        path: CSV, JSON lines, XLSX or Parquet.
        kind: What one row of the file is.
        mapping: What is known of its sender's files.
        zone: Zone of times that name none, where the mapping does not say.
        sender: Whose file it is; None for the mapping's word.
        user: Who imports it.
        exported_at: When the sender made the file (naive UTC), if anybody knows: of two copies of
            a row the newer file's counts, and only a later export proves a postback absent.
        progress: Called with the bytes read so far, and those of the file.

    Returns:
        The batch, and whether the same file was there before.

    Raises:
        BadFile, BadMapping, QuestionOpen, UnknownZone: As `stage`; nothing was stored.
        WarehouseError: The warehouse cannot be written to; nothing was stored.
    """
    known = store.find_by_hash(_sha256(Path(path)), kind)
    if known is not None:
        return ImportOutcome(known, already=True, staged=None)
    engine = Engine()
    try:
        with store.place() as place:
            options = StageOptions(
                mapping=mapping, zone=zone, sender=sender, folder=place.folder, batch=place.batch
            )
            staged = stage(engine, path, kind=kind, options=options, progress=progress)
            staged = _with_sender(staged)
            batch = store.commit(engine, place, staged, user=user, exported_at=exported_at)
    finally:
        engine.close()
    # The import is done, whatever stands in the way of packing older files; `compact` tells it.
    with suppress(WarehouseError):
        batch = store.batch(batch.id) if tidy(store, kind) else batch
    return ImportOutcome(batch, already=False, staged=staged)


def _with_sender(staged: StagedFile) -> StagedFile:
    """Return a report with its sender: its only buyer, if nobody has said whose it is.

    Rows of one sender's overlapping reports count once, so that two buyers must never be taken
    for one.
    """
    if staged.kind is not Kind.CLAIM or staged.sender is not None:
        return staged
    if len(staged.buyers) != 1:
        named = ", ".join(staged.buyers[:3]) or "nobody"
        raise QuestionOpen(
            f"{staged.name}: whose report is this? Its rows name {named} as buyer. Say it with "
            '--sender NAME, or in the mapping: sender = "NAME". Overlapping reports of one sender '
            "are taken to repeat each other's rows."
        )
    return replace(staged, sender=staged.buyers[0])


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror or error}).") from error
