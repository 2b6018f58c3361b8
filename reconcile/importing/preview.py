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
from reconcile.errors import QuestionOpen, ReconcileError
from reconcile.importing.checking.checked import Check
from reconcile.importing.checking.checks import check_file
from reconcile.importing.checking.overlapping import ask_equal_rows, overlapping
from reconcile.importing.committing import file_hash, with_sender
from reconcile.importing.fields import FIELDS
from reconcile.importing.mapping.answers import answered
from reconcile.importing.mapping.naming import check_names, known_sender, with_known_sender
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.importing.opening.chunks import Progress
from reconcile.importing.questions import Question, answer
from reconcile.importing.reading.glancing import Head, head_of
from reconcile.importing.reading.personal import without_personal
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.staging import stage
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

    While a question is open that the file suggests no answer to, there are no rows: `staged` is
    None then. Where it suggests one, the rows are read by it, and `assumed` says so.
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
    """Answers that were taken, as the file suggests them, to read the rows."""
    checks: tuple[Check, ...] = ()
    overlapping: tuple[Batch, ...] = ()
    """Batches of the same sender and kind whose time meets that of the file."""
    lines: dict[str, int] = field(default_factory=dict)
    """Lines of the file by class."""


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
    options = StageOptions(
        mapping=mapping,
        answers=tuple(answers),
        templates=load_templates(templates_folder(store.home)),
        zone=zone,
        sender=known_sender(store, sender),
    )
    look = _Look(store, Path(path), kind, options, progress)
    return look.whole()


@dataclass(frozen=True)
class _Look:
    """A file that is looked at."""

    store: Store
    path: Path
    kind: Kind
    options: StageOptions
    progress: Progress | None

    def whole(self) -> Preview:
        """Read the file, answering what has a suggestion, until it is read or a question stays."""
        already = self.store.find_by_hash(file_hash(self.path), self.kind)
        known = Preview(str(self.path), self.kind, already)
        while True:
            try:
                return self._read(known)
            except QuestionOpen as error:
                told = {(q.key, q.text): q for q in (*known.questions, *error.questions)}
                new = [answer(*q.suggested) for q in error.questions if q.suggested]
                known = replace(known, questions=tuple(told.values()))
                if not error.questions:
                    raise
                if not new or set(new) <= set(known.assumed):
                    return self._unread(known)
                known = replace(known, assumed=(*known.assumed, *new))

    def _read(self, known: Preview) -> Preview:
        options = replace(self.options, answers=(*self.options.answers, *known.assumed))
        engine = Engine()
        with TemporaryDirectory(prefix="reconcile-") as name:
            folder = Path(name)
            try:
                options = replace(options, folder=folder, batch="preview")
                staged = stage(
                    engine, self.path, kind=self.kind, options=options, progress=self.progress
                )
                return self._told(engine, *self._whose(engine, staged, known))
            finally:
                engine.close()

    def _told(self, engine: Engine, staged: StagedFile, known: Preview) -> Preview:
        batches = self.store.batches()
        head = self._head(staged.told)
        checks = check_file(engine, staged, batches, path=self.path)
        told = {(q.key, q.text): q for q in (*known.questions, *(c.asks for c in checks if c.asks))}
        return replace(
            known,
            questions=tuple(told.values()),
            head=head,
            staged=staged,
            columns=_columns(staged, head),
            rows=_rows(engine, staged, head),
            rejects=_rejects(engine),
            checks=checks,
            overlapping=tuple(overlapping(staged, batches)),
            lines=staged.line_classes,
        )

    def _whose(
        self, engine: Engine, staged: StagedFile, known: Preview
    ) -> tuple[StagedFile, Preview]:
        """Ask whose report it is, and about its names: no reason not to show its rows."""
        try:
            staged = with_known_sender(self.store, with_sender(staged))
            check_names(self.store, staged)
            others = [batch for batch in self.store.batches() if batch != known.already]
            ask_equal_rows(engine, staged, others)
        except QuestionOpen as error:
            told = {(q.key, q.text): q for q in (*known.questions, *error.questions)}
            return staged, replace(known, questions=tuple(told.values()))
        return staged, known

    def _unread(self, known: Preview) -> Preview:
        """Return what can be seen without the open answer."""
        mapping = self.options.mapping
        with suppress(ReconcileError):
            mapping = answered(mapping, (*self.options.answers, *known.assumed))
        head = self._head(mapping or Mapping())
        headers = head.headers if head else ()
        columns = (ColumnPreview(h, None, _examples(head, n)) for n, h in enumerate(headers))
        return replace(known, head=head, columns=tuple(columns))

    def _head(self, mapping: Mapping) -> Head | None:
        """Return the head of the file; None where an open question stands before it."""
        with TemporaryDirectory(prefix="reconcile-") as folder, suppress(ReconcileError):
            head = head_of(self.path, Path(folder), mapping=mapping, most=HEAD_ROWS)
            templates = (template.mapping for template in self.options.templates)
            return without_personal(head, (mapping, *templates)) if head else None
        return None


def _columns(staged: StagedFile, head: Head | None) -> tuple[ColumnPreview, ...]:
    fields: dict[str, str] = {}
    for name, headers in staged.mapping.items():
        for header in [headers] if isinstance(headers, str) else headers:
            fields.setdefault(header, name)
    return tuple(
        ColumnPreview(header, fields.get(header), _examples(head, place))
        for place, header in enumerate(staged.headers)
    )


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
