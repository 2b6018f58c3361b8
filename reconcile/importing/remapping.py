"""A batch whose file was misread: typed again from the kept file, as its next version."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import BadParameters, QuestionOpen
from reconcile.importing.checking.checked import Check
from reconcile.importing.committing import options_again, save_learned, stated_again
from reconcile.importing.gathering import Look, all_open
from reconcile.importing.judging import judge
from reconcile.importing.keeping import (
    SOURCE,
    Stated,
    keep_cleaned,
    keep_stated,
    source_of,
)
from reconcile.importing.mapping.naming import keep_names
from reconcile.importing.opening.chunks import Progress
from reconcile.importing.records import Mapping, StagedFile
from reconcile.importing.staging import stage
from reconcile.warehouse import Batch, Store


@dataclass(frozen=True)
class Remapped:
    """What became of a batch that was typed again."""

    before: Batch
    batch: Batch
    staged: StagedFile
    checks: tuple[Check, ...]
    template: str | None = None
    """Name of the template that was saved, so that the next file is not misread again."""


def remap(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    batch_id: str,
    *,
    mapping: Mapping | None = None,
    answers: Sequence[str] = (),
    user: str | None = None,
    progress: Progress | None = None,
) -> Remapped:
    """Type the kept file of a batch again, as a new version of the batch.

    The old version is hidden, and `undo` of the new one brings it back. Runs that read it are
    stale from then on. The place of the batch in the order of age stays.

    Args:
        store: The warehouse.
        batch_id: A batch that counts.
        mapping: What is known of the file, in the place of what was known before; None to keep
            that.
        answers: Lines of the mapping that change, `key=value` each, as for an import.
        user: Who does it.
        progress: Called with the bytes read so far, and those of the kept file.

    Returns:
        Both versions.

    Raises:
        BadFile: The file was not kept, as by early releases; or as `import_file`.
        BadMapping, QuestionOpen, UnknownZone: As `import_file`; nothing was stored.
        BadParameters: The batch counts no more, or nothing is to change.
        NotFound: There is no such batch.
    """
    before = store.batch(batch_id)
    _check(store, before, is_changed=mapping is not None or bool(answers))
    stated = stated_again(before, answers, mapping=mapping)
    done = _typed_again(_Again(store, before, stated, user), progress)
    if not answers:
        return done
    return replace(done, template=save_learned(store, done.staged))


@dataclass(frozen=True)
class _Again:
    """A batch that is to be typed again."""

    store: Store
    before: Batch
    stated: Stated
    user: str | None


def _check(store: Store, before: Batch, *, is_changed: bool) -> None:
    if before.undone_at is not None:
        later = [b.id for b in store.batches() if b.replaces == before.id]
        told = f"batch {later[0]} took its place: remap that one." if later else "it was undone."
        raise BadParameters(f"batch {before.id} ({before.file}) counts no more; {told}")
    if not is_changed:
        raise BadParameters(
            f"batch {before.id}: say what was misread, for example --answer decimal=, or "
            "--mapping FILE."
        )


def _typed_again(again: _Again, progress: Progress | None) -> Remapped:
    store, before = again.store, again.before
    source = source_of(before)
    engine = Engine()
    try:
        with store.place() as place:
            options = replace(
                options_again(store, before, again.stated), folder=place.folder, batch=place.batch
            )
            try:
                staged = stage(engine, source, kind=before.kind, options=options, progress=progress)
            except QuestionOpen as error:
                look = Look(store, source, before.kind, options, progress, own=before)
                raise all_open(look, error) from error
            # A kept text is packed; the batch is known by the bytes of the file that was given.
            staged = replace(staged, sha256=before.sha256)
            judged = judge(store, engine, staged, path=source, own=before).settled()
            staged = judged.staged
            keep_names(store, staged, user=again.user)
            if not keep_cleaned(place.folder):
                _link(source, place.folder / SOURCE)
            kept = replace(again.stated, cleaned=staged.cleaned, salt=staged.hashed_by)
            keep_stated(place.folder, kept)
            batch = store.commit(
                engine,
                place,
                staged,
                user=again.user,
                exported_at=before.exported_at,
                replaces=before,
            )
    finally:
        engine.close()
    batch = store.confirm(batch.id) if before.confirmed and batch.cut_off else batch
    return Remapped(before, batch, staged, judged.checks)


def _link(source: Path, target: Path) -> None:
    """Give a file that never changes a second name; copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
