"""What an import would do, as data for the command line and the dashboard; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from reconcile.engine import Engine
from reconcile.errors import ReconcileError
from reconcile.importing.checking.checked import Check
from reconcile.importing.checking.overlapping import overlapping
from reconcile.importing.committing import file_hash, options_again, options_for, stated_again
from reconcile.importing.fields import FIELDS, PART_TITLE, missing_fields
from reconcile.importing.gathering import Gathered, Look, gather
from reconcile.importing.judging import Judged
from reconcile.importing.keeping import source_of
from reconcile.importing.mapping.answers import answered
from reconcile.importing.opening.chunks import Progress
from reconcile.importing.questions import Question
from reconcile.importing.reading.glancing import Head, head_of
from reconcile.importing.reading.personal import without_personal
from reconcile.importing.records import Mapping, StagedFile
from reconcile.importing.salting import salt_of
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, glob_free

SHOWN = 5
"""Rows of the sample."""

MOST_REJECTS = 20
"""Rejected lines that are shown."""

HEAD_ROWS = 200
"""Rows below the header among which the sample's raw cells are looked for."""

Value = str | Decimal | datetime


@dataclass(frozen=True)
class ColumnPreview:
    """One column: what it is taken for, None where it is kept as it is, and its first values."""

    header: str
    field: str | None
    examples: tuple[str, ...]
    is_open: bool = False
    """A question that nobody has answered asks what it is."""


@dataclass(frozen=True)
class RowPreview:
    """One row as it is written (header to text; empty where it is not known) and as it is typed."""

    line_no: int
    raw: dict[str, str]
    typed: dict[str, Value]


@dataclass(frozen=True)
class RejectPreview:
    """A line that would not be loaded."""

    line_no: int
    column: str | None
    value: str | None
    reason: str


@dataclass(frozen=True)
class Preview:
    """All that is known of a file before it is imported.

    While questions are open, the rows are read under answers that nobody has given: `assumed` as
    the file suggests them, `provisional` where it suggests none. A column whose meaning is open
    fills no field then. Where not even that opens the file, `staged` is None.
    """

    name: str
    kind: Kind
    already: Batch | None = None
    """The batch of these very bytes."""
    head: Head | None = None
    staged: StagedFile | None = None
    columns: tuple[ColumnPreview, ...] = ()
    rows: tuple[RowPreview, ...] = ()
    rejects: tuple[RejectPreview, ...] = ()
    """The first of them."""
    questions: tuple[Question, ...] = ()
    """Those that are open: an import stops at them."""
    assumed: tuple[str, ...] = ()
    """Answers that were taken, as the file suggests them, to read the rows: `--yes` takes them."""
    provisional: tuple[str, ...] = ()
    """Answers that nothing speaks for, only taken to show rows: a person has to say."""
    checks: tuple[Check, ...] = ()
    overlapping: tuple[Batch, ...] = ()
    """Batches of the same sender and kind whose time meets that of the file."""
    lines: dict[str, int] = field(default_factory=dict)
    """Lines of the file by class."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the fields that nothing fills, though such a file seldom lacks them."""
        if self.staged is None:
            return ()
        return missing_fields(
            self.kind,
            self.staged.mapping,
            has_events=bool(self.staged.status_events),
            has_period=self.staged.period_from is not None,
        )

    @property
    def needs_you(self) -> tuple[Question, ...]:
        """Return the open questions that only a person answers."""
        return tuple(question for question in self.questions if question.suggested is None)

    @property
    def has_suggestion(self) -> tuple[Question, ...]:
        """Return the open questions that `--yes` answers."""
        return tuple(question for question in self.questions if question.suggested is not None)


def preview(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    path: Path | str,
    *,
    kind: Kind,
    mapping: Mapping | None = None,
    answers: Sequence[str] = (),
    zone: str | None = None,
    sender: str | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Read a file as `import_file` would, store nothing, and return what was found.

    Args:
        store: The warehouse, for its templates and for what is loaded already.
        path: The file.
        kind: What one row of the file is.
        mapping: What is known of its sender's files; None for the template of its headers.
        answers: Answers to questions, `key=value`.
        zone: Zone of times that name none, where the mapping does not say.
        sender: Whose file it is; None for the mapping's word.
        progress: Called with the bytes read so far, and those of the file.

    Returns:
        Questions that are open are in it, not raised.

    Raises:
        BadFile, BadMapping, UnknownZone: As `import_file`.
    """
    options = options_for(store, kind, mapping=mapping, answers=answers, zone=zone, sender=sender)
    options = replace(options, salt=salt_of(store.home, makes=False))
    already = store.find_by_hash(file_hash(Path(path)), kind)
    look = Look(store, Path(path), kind, options, progress, own=already)
    return _seen(look, Preview(str(path), kind, already))


def preview_again(
    store: Store, batch_id: str, *, answers: Sequence[str] = (), progress: Progress | None = None
) -> Preview:
    """Read the kept file of a batch as `remap` would with these answers; store nothing.

    Returns:
        As `preview`; without answers, what the batch holds now.

    Raises:
        BadFile: The file was not kept, as by early releases.
        BadMapping, UnknownZone: An answer cannot be meant.
        NotFound: There is no such batch.
    """
    before = store.batch(batch_id)
    options = options_again(store, before, stated_again(before, answers))
    options = replace(options, salt=salt_of(store.home, makes=False))
    look = Look(store, source_of(before), before.kind, options, progress, own=before)
    return _seen(look, Preview(before.file, before.kind))


def _seen(look: Look, known: Preview) -> Preview:
    """Read a file as far as it can be read, under answers that nobody has given where one lacks."""
    gathered, told = gather(look, lambda engine, judged: _told(look, engine, judged, known))
    seen = told or _unread(look, gathered, known)
    return replace(
        seen,
        questions=gathered.questions,
        assumed=gathered.assumed,
        provisional=gathered.provisional,
        columns=_with_open(seen.columns, gathered),
    )


def _told(look: Look, engine: Engine, judged: Judged, known: Preview) -> Preview:
    staged = judged.staged
    head = _head(look, staged.told)
    return replace(
        known,
        head=head,
        staged=staged,
        columns=_columns(staged, head),
        rows=_rows(engine, staged, head),
        rejects=_rejects(engine),
        checks=judged.checks,
        overlapping=tuple(overlapping(staged, look.store.batches())),
        lines=staged.line_classes,
    )


def _unread(look: Look, gathered: Gathered, known: Preview) -> Preview:
    """Return what can be seen of a file that no stand-in opens."""
    mapping = look.options.mapping
    with suppress(ReconcileError):
        mapping = answered(mapping, (*look.options.answers, *gathered.answers))
    head = _head(look, mapping or Mapping())
    headers = head.headers if head else ()
    columns = (ColumnPreview(h, None, _examples(head, n)) for n, h in enumerate(headers))
    return replace(known, head=head, columns=tuple(columns))


def _head(look: Look, mapping: Mapping) -> Head | None:
    """Return the head of the file; None where an open question stands before it."""
    with TemporaryDirectory(prefix="reconcile-") as folder, suppress(ReconcileError):
        options = replace(look.options, mapping=mapping)
        head = head_of(look.path, Path(folder), options=options, most=HEAD_ROWS)
        templates = (template.mapping for template in look.options.templates)
        return without_personal(head, (mapping, *templates))
    return None


def _with_open(columns: tuple[ColumnPreview, ...], gathered: Gathered) -> tuple[ColumnPreview, ...]:
    """Mark the columns of which an open question asks what they are."""
    asked = {
        header
        for question in gathered.questions
        for key, header in question.answers
        if key.startswith("columns.") and question.suggested is None
    }
    return tuple(replace(column, is_open=column.header in asked) for column in columns)


def _columns(staged: StagedFile, head: Head | None) -> tuple[ColumnPreview, ...]:
    fields: dict[str, str] = {}
    for name, headers in staged.mapping.items():
        for header in [headers] if isinstance(headers, str) else headers:
            fields.setdefault(header, name)
    found = [
        ColumnPreview(header, fields.get(header), _examples(head, place))
        for place, header in enumerate(staged.headers)
    ]
    if PART_TITLE in fields:
        titles = tuple(title.text for title in staged.notes.part_titles[:3])
        found.append(ColumnPreview(PART_TITLE, fields[PART_TITLE], titles))
    return tuple(found)


def _examples(head: Head | None, place: int) -> tuple[str, ...]:
    if head is None:
        return ()
    cells = (row[place] for row in head.rows.values() if len(row) == len(head.headers))
    return tuple(dict.fromkeys(cell for cell in cells if cell.strip()))[:3]


def _rows(engine: Engine, staged: StagedFile, head: Head | None) -> tuple[RowPreview, ...]:
    if not staged.rows:
        return ()
    engine.view_parquet("preview_row", [glob_free(path) for path in staged.parts])
    found = engine.records("importing/preview_rows", limit=SHOWN)
    engine.drop("preview_row")
    return tuple(_row(row, staged.kind, head) for row in found)


def _row(row: dict[str, Value], kind: Kind, head: Head | None) -> RowPreview:
    number = int(str(row["line_no"]))
    cells = head.rows.get(number, ()) if head else ()
    raw = dict(zip(head.headers, cells, strict=False)) if head else {}
    typed = {name: row[name] for name in FIELDS[kind] if row.get(name) is not None}
    return RowPreview(number, raw, typed)


def _rejects(engine: Engine) -> tuple[RejectPreview, ...]:
    found = engine.query("importing/preview_rejects", limit=MOST_REJECTS)
    return tuple(RejectPreview(*row) for row in found)
