"""A staged file into the warehouse: once, whatever it is called and however often it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import BadFile, WarehouseError
from reconcile.importing.checking.checked import Check
from reconcile.importing.forms.known_times import StoredTimes
from reconcile.importing.gathering import Look, with_suggestions
from reconcile.importing.judging import Judged, judge
from reconcile.importing.keeping import (
    Stated,
    keep_cleaned,
    keep_stated,
    keeping_source,
    stated_of,
)
from reconcile.importing.mapping.answers import answered
from reconcile.importing.mapping.naming import (
    NewNames,
    keep_names,
    known_sender,
)
from reconcile.importing.mapping.templates import (
    load_templates,
    save_template,
    templates_folder,
    without_discarded,
)
from reconcile.importing.opening.chunks import Progress
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.salting import salt_of
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
    taken: tuple[str, ...] = ()
    """Suggestions that were taken as answers."""
    template: str | None = None
    """Name of the template that was saved."""
    proved: dict[str, str] = field(default_factory=dict)
    """What the file proved and its template did not know yet; it is kept there."""
    checks: tuple[Check, ...] = ()
    """What was found before the rows began to count, doubts first."""
    new_names: tuple[NewNames, ...] = ()
    """Names of buyers, campaigns and senders that no file has brought before."""


def import_file(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    path: Path | str,
    *,
    kind: Kind,
    mapping: Mapping | None = None,
    answers: Sequence[str] = (),
    take_suggestions: bool = False,
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
        mapping: What is known of its sender's files; None for the template that was saved for
            files with its headers, if there is one.
        answers: Answers to questions, `key=value`, each a line of the mapping (`answered`). With
            them the file's template is saved, so that the next one is read without questions.
        take_suggestions: Answer each open question as its evidence suggests, if it does.
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
    known = store.find_by_hash(file_hash(Path(path)), kind)
    if known is not None:
        return ImportOutcome(known, already=True, staged=None)
    options = options_for(store, kind, mapping=mapping, answers=answers, zone=zone, sender=sender)
    job = _Import(store, Path(path), kind, options, progress)
    done, taken = job.done(user, exported_at, takes=take_suggestions)
    return _outcome(store, done, taken=taken, to_learn=bool(answers or taken))


def options_for(  # noqa: PLR0913 - each is an option of the command
    store: Store,
    kind: Kind,
    *,
    mapping: Mapping | None,
    answers: Sequence[str],
    zone: str | None,
    sender: str | None,
) -> StageOptions:
    """Return how a file is to be read, with what the warehouse knows: templates and events."""
    return StageOptions(
        mapping=mapping,
        answers=tuple(answers),
        templates=load_templates(templates_folder(store.home)),
        zone=zone,
        sender=known_sender(store, sender),
        known_times=StoredTimes(store) if kind is Kind.CLAIM else None,
        salt=salt_of(store.home),
    )


def stated_again(
    before: Batch, answers: Sequence[str], *, mapping: Mapping | None = None
) -> Stated:
    """Return what was said of the file of a batch, with answers that change some of it.

    Raises:
        BadMapping, UnknownZone: An answer cannot be meant.
    """
    known = stated_of(before)
    stated = replace(known, mapping=answered(mapping or known.mapping, answers))
    if stated.mapping.sender != known.mapping.sender:
        stated = replace(stated, sender=stated.mapping.sender)
    return stated


def options_again(store: Store, before: Batch, stated: Stated) -> StageOptions:
    """Return how the kept file of a batch is to be read again."""
    return StageOptions(
        name=before.file,
        mapping=stated.mapping,
        zone=stated.zone,
        sender=stated.sender,
        salt=salt_of(store.home),
        hashed_by=stated.salt,
        cleaned=stated.cleaned,
    )


def _outcome(store: Store, done: _Done, *, taken: tuple[str, ...], to_learn: bool) -> ImportOutcome:
    """Keep what was answered for the next file, pack older files, and say what was done."""
    batch, judged = done.batch, done.judged
    saved = save_learned(store, judged.staged) if to_learn else None
    proved = {} if to_learn else keep_proved(store, judged.staged)
    # The import is done, whatever stands in the way of packing older files; `compact` tells it.
    with suppress(WarehouseError):
        batch = store.batch(batch.id) if tidy(store, batch.kind) else batch
    return ImportOutcome(
        batch,
        already=False,
        staged=judged.staged,
        taken=taken,
        template=saved,
        proved=proved,
        checks=judged.checks,
        new_names=judged.new_names,
    )


def save_learned(store: Store, staged: StagedFile) -> str:
    """Save the template of a file that was answered about; return its name."""
    told = replace(with_zone(staged), kind=staged.kind, sender=staged.sender)
    told = without_discarded(told, staged.headers, staged.new_columns)
    return save_template(templates_folder(store.home), told, told.headers).name


def keep_proved(store: Store, staged: StagedFile) -> dict[str, str]:
    """Keep in the template of a file what its values prove, and return what is new of it."""
    folder = templates_folder(store.home)
    found = [t for t in load_templates(folder) if t.name == staged.template]
    if not found:
        return {}
    mapping = found[0].mapping
    new = {key: value for key, value in staged.told.known.items() if key not in mapping.known}
    if new:
        save_template(folder, replace(mapping, known={**mapping.known, **new}), mapping.headers)
    return new


@dataclass(frozen=True)
class _Done:
    """A file that was imported."""

    batch: Batch
    judged: Judged


def with_zone(staged: StagedFile) -> Mapping:
    """Return what was stated of a file, a zone that was given beside it included."""
    is_given = staged.zone_stated_by == "run"
    return replace(staged.told, zone=staged.zone) if is_given else staged.told


@dataclass(frozen=True)
class _Import:
    """One file on its way into the store."""

    store: Store
    path: Path
    kind: Kind
    options: StageOptions
    progress: Progress | None

    def done(
        self, user: str | None, exported_at: datetime | None, *, takes: bool
    ) -> tuple[_Done, tuple[str, ...]]:
        """Import the file; with `takes`, answer what has a suggestion and begin again."""
        return with_suggestions(
            lambda options: self._once(options, user, exported_at),
            Look(self.store, self.path, self.kind, self.options, self.progress),
            takes=takes,
        )

    def _once(self, options: StageOptions, user: str | None, exported_at: datetime | None) -> _Done:
        engine = Engine()
        try:
            with self.store.place() as place:
                options = replace(options, folder=place.folder, batch=place.batch)
                staged = self._kept(engine, options, place.folder)
                judged = judge(self.store, engine, staged, path=self.path).settled()
                staged = judged.staged
                keep_names(self.store, staged, user=user)
                keep_stated(place.folder, Stated.of(staged, zone=options.zone))
                batch = self.store.commit(engine, place, staged, user=user, exported_at=exported_at)
                return _Done(batch, judged)
        finally:
            engine.close()

    def _kept(self, engine: Engine, options: StageOptions, folder: Path) -> StagedFile:
        """Read the file, and keep it beside its rows, so that they can be typed again."""
        with keeping_source(self.path, folder) as copied:
            staged = stage(
                engine, self.path, kind=self.kind, options=options, progress=self.progress
            )
        if copied.result() != staged.sha256:
            raise BadFile(f"{self.path}: was written to while it was read. Import it again.")
        keep_cleaned(folder)
        return staged


def file_hash(path: Path) -> str:
    """Return the sha256 of a file's bytes; raises BadFile where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror or error}).") from error
