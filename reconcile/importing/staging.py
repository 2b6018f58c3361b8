"""One file into the staged tables: open, locate, map, type.

Every line of the file ends in one class, every data line is loaded or rejected with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from reconcile.engine import Engine
from reconcile.errors import BadMapping, QuestionOpen
from reconcile.importing.fields import FIELDS
from reconcile.importing.found import Oddities, Reject
from reconcile.importing.locating.part_titles import (
    is_understood,
    part_title_question,
    stated_columns,
    with_part_titles,
)
from reconcile.importing.locating.tables import Header
from reconcile.importing.mapping.answers import answered
from reconcile.importing.mapping.columns import Columns, map_columns
from reconcile.importing.mapping.contents import ROWS
from reconcile.importing.mapping.dictionary import PINGTREE
from reconcile.importing.mapping.templates import new_headers, with_template
from reconcile.importing.opening.chunks import NotUtf8, Progress
from reconcile.importing.opening.files import Opened, as_cp1252, open_file
from reconcile.importing.placing import check_placed, doubting_place, placed, refuse_unfit
from reconcile.importing.questions import asked
from reconcile.importing.reading import personal
from reconcile.importing.reading.readers import Reader, ReadFile, reading
from reconcile.importing.reading.tallying import (
    check_lines,
    found_in,
    line_classes,
    row_lines,
    second_table_question,
    stated_period,
    titled_parts,
)
from reconcile.importing.reading.texts import RAW
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.values.asking import LOOK, Asking, NotYetTold
from reconcile.importing.values.parts import Table
from reconcile.importing.values.readings import Reading
from reconcile.importing.values.sinks import PartSink, Sink, TableSink
from reconcile.importing.values.typed import SCRATCH, Told, TypedRows
from reconcile.terms import Kind
from reconcile.warehouse.records import glob_free

EXPORT_LIMIT = 100_000
"""Rows that a Pingtree export holds at most (docs.pingtree.com, campaign data)."""


SHEET_LIMIT = 1_048_576
"""Rows that a sheet of Excel holds at most; what is beyond is lost when it is opened and saved."""

OLD_SHEET_LIMIT = 65_536
"""The same of a workbook in the old form, .xls."""


@dataclass(frozen=True)
class _Located:
    """What is known of a file before its rows are read."""

    reader: Reader
    header: Header
    table: Table
    told: tuple[str, ...] = ()
    """What a template has told of its place."""


@dataclass(frozen=True)
class _Job:
    """A file to be staged, and how."""

    engine: Engine
    path: Path
    kind: Kind
    options: StageOptions
    folder: Path
    """For the texts of the chunks."""
    progress: Progress | None
    told: Asking | None = None
    """What looking at the whole file has told; LOOK to do so."""

    @property
    def name(self) -> str:
        """Return what the file is called: its path as the caller gave it, unless he says."""
        return self.options.name or str(self.path)

    def known_by(self, headers: list[str]) -> _Job:
        """Return the job with what is known of files with these headers."""
        options = with_template(self.options, headers, kind=self.kind, name=self.name)
        return replace(self, options=options)

    def without_personal(self) -> _Job:
        """Return the job once the personal columns are taken out."""
        options = self.options
        cleaned = personal.taken_out(options.mapping or Mapping())
        is_hashed = personal.is_hashed(set(cleaned) - set(options.cleaned))
        mark = options.salt.mark() if is_hashed else options.hashed_by
        return replace(self, options=replace(options, cleaned=cleaned, hashed_by=mark))


def stage(
    engine: Engine,
    path: Path | str,
    *,
    kind: Kind,
    options: StageOptions | None = None,
    progress: Progress | None = None,
) -> StagedFile:
    """Read a file and append its rows to the engine's table of its kind, or write them as Parquet.

    Rejected lines go to the table `rejected_row`; both tables are made if they are not there. The
    memory needed does not grow with the file, except for workbooks and for lines to be added up.

    Args:
        engine: Engine that holds the staged tables.
        path: CSV (also `;`, tab or `|`), JSON lines, both also as .gz or .zst, XLSX, .ods, .xls or
            Parquet, each also in a .zip; told by its bytes.
        kind: What one row of the file is.
        options: How to read it, and where its rows go.
        progress: Called with the bytes read so far, and those of the file.

    Returns:
        What is known of the file; its times are naive UTC.

    Raises:
        BadFile: The file cannot be read, or is of another kind; also NoHeader, UnknownColumns,
            TotalsOnly.
        BadMapping: The mapping does not fit the file.
        QuestionOpen: Something only a person knows was not stated.
        UnknownZone: The zone of the run does not exist.
    """
    options = options or StageOptions()
    mapping = options.mapping or Mapping()
    if options.mapping is not None:
        options = replace(options, templates=())
    if options.answers:
        options = replace(options, mapping=answered(options.mapping, options.answers))
    if mapping.kind is not None and mapping.kind is not kind:
        raise BadMapping(
            f"{mapping.name}: is for files of {mapping.kind}s, but {path} was given as {kind}s."
        )
    with TemporaryDirectory(prefix="reconcile-") as folder:
        job = _Job(engine, Path(path), kind, options, Path(folder), progress)
        staged = _staged(job)
        personal.refuse_left(job.name, staged.told, staged.cleaned)
        return staged


def _staged(job: _Job) -> StagedFile:
    """Read the file; look at it as a whole before if its first part leaves something open."""
    with suppress(NotYetTold):
        return _read_once(job)
    try:
        return _read_once(replace(job, told=LOOK, progress=None))
    except Told as told:
        return _read_once(replace(job, told=told.asking))


def _read_once(job: _Job) -> StagedFile:
    opened: Opened | None = None
    try:
        mapping = job.options.mapping or Mapping()
        opened = open_file(job.path, job.folder, name=job.name, member=mapping.member)
        refuse_unfit(job.options, job.name, member=opened.member is not None)
        return _read(job, opened)
    except NotUtf8:
        return _read(job, as_cp1252(cast("Opened", opened), job.folder))
    except QuestionOpen as error:
        options = placed(job.options, job.kind, error, opened)
        if options is None:
            raise
        return _read_once(replace(job, options=options))


def _read(job: _Job, opened: Opened) -> StagedFile:
    """Take the steps of an import, which are the same for every form of file."""
    with reading(opened, job.options, job.folder, job.progress) as reader:
        lines = dict.fromkeys(("header", "header_rows", "second_table"), reader.has_titles)
        has_sheet = reader.sheet is not None
        refuse_unfit(job.options, job.name, sheet=has_sheet, part_titles=reader.has_titles, **lines)
        with doubting_place(job.options, job.name):
            header = reader.locate()
        job = job.known_by(header.cells)
        told = check_placed(job.options, job.name)
        clean = reader.cleaned(job.options, job.options.folder or job.folder)
        if clean is not None:
            return _read(job.without_personal(), clean)
        columns = _mapped(job, reader, header)
        table = Table(job.name, job.kind, columns, is_dated=reader.is_dated)
        with _typing(job, table, is_small=reader.is_small) as typed:
            read = reader.read(typed)
            return _published(job, _Located(reader, header, table, told), typed, read)


def _mapped(job: _Job, reader: Reader, header: Header) -> Columns:
    sample = (row.cells for row in islice(reader.first(), ROWS))
    columns = map_columns(job.name, header.cells, kind=job.kind, options=job.options, sample=sample)
    reader.check(columns)
    titles = (job.options.mapping or Mapping()).part_titles if reader.has_titles else None
    return with_part_titles(job.name, columns, titles)


def empty_tables(engine: Engine) -> None:
    """Make the staged tables without rows, with the columns and types of the real ones."""
    for kind in Kind:
        engine.table(kind, f"warehouse/{kind}/empty")
    engine.table("rejected_row", "importing/empty_rejected_row")


def gather(engine: Engine, staged: Iterable[StagedFile]) -> None:
    """Make `lead`, `event` and `claim` hold all rows, those that were written to files too."""
    apart: defaultdict[Kind, list[str]] = defaultdict(list)
    for file in staged:
        apart[file.kind].extend(glob_free(path) for path in file.parts)
    for kind, paths in apart.items():
        if paths:
            small = f"{kind}_small"
            engine.pour(kind, small)
            engine.drop(kind)
            engine.view(kind, "importing/gathered", small=small, paths=paths)


@contextmanager
def _typing(job: _Job, table: Table, *, is_small: bool) -> Iterator[TypedRows]:
    """Make room for the rows of a file; if it fails, nothing of them is left."""
    options = job.options
    sink: Sink = TableSink()
    if options.folder is not None and (options.to_keep or not is_small):
        sink = PartSink(options.folder, to_keep=options.to_keep)
    try:
        yield TypedRows(job.engine, table, options, sink=sink, asking=job.told)
    except BaseException:
        for path in sink.parts:
            path.unlink(missing_ok=True)
        raise
    finally:
        for name in (*SCRATCH, RAW, "short_line"):
            job.engine.drop(name)


def _ask_of_other_tables(job: _Job, located: _Located, found: Oddities) -> None:
    """Ask about tables and titles below the first rows, unless somebody has answered."""
    mapping = job.options.mapping or Mapping()
    if found.second_tables and mapping.second_table is None:
        raise asked(job.name, [second_table_question(found)])
    parts = titled_parts(located.header, found)
    if parts and not is_understood(parts, mapping.part_titles):
        columns = located.table.columns
        free = set(FIELDS[job.kind]) - {*columns.fields, *columns.constants}
        is_timed = "occurred_at" in columns.fields
        raise asked(job.name, [part_title_question(parts, free, timed=is_timed)])


def _published(job: _Job, located: _Located, typed: TypedRows, read: ReadFile) -> StagedFile:
    """Say what the file was, and hand its rows over."""
    engine, options, opened = job.engine, job.options, located.reader.opened
    mapping = options.mapping or Mapping()
    typed.finish()
    _ask_of_other_tables(job, located, read.found)
    _add_short_lines(engine, read.found, options.file_no)
    typed.sink.show(engine)
    facts = engine.records("importing/summary")[0]
    classes = line_classes(located.header, typed, read.found)
    rejected = typed.refused + len(read.found.rejects)
    check_lines(job.name, classes, read.lines, loaded=facts["line_count"], rejected=rejected)
    parts = titled_parts(located.header, read.found)
    period_from, period_to = stated_period(job.name, mapping, options, parts)
    staged = StagedFile(
        file_no=options.file_no,
        name=job.name,
        kind=job.kind,
        sha256=read.sha256,
        sender=options.sender or mapping.sender,
        encoding=opened.encoding,
        delimiter=located.header.delimiter,
        sheet=located.reader.sheet,
        zone=typed.reading.zone,
        zone_stated_by=typed.reading.stated_by,
        said=typed.reading.times.said,
        comma=typed.reading.comma,
        units=typed.reading.units,
        mapping=located.table.columns.described(),
        has_amount=located.table.columns.has_amount,
        rows=facts["row_count"],
        rejected=rejected,
        line_classes=classes,
        period_from=period_from,
        period_to=period_to,
        first_at=facts["first_at"],
        last_at=facts["last_at"],
        campaigns=facts["campaigns"] or [],
        buyers=facts["buyers"] or [],
        cut_off=_is_cut_off(job.kind, located, classes),
        status_words=mapping.status,
        status_events=mapping.status_event,
        told=replace(
            mapping,
            columns=stated_columns(located.table.columns),
            known=_known(mapping, typed.reading),
        ),
        headers=tuple(located.header.cells),
        template=options.template.name if options.template else None,
        from_template=(*located.told, *_senders(options), *typed.reading.from_before),
        cleaned=options.cleaned,
        hashed_by=options.hashed_by,
        new_columns=_new_columns(located, options),
        delivery=mapping.delivery or "part",
        notes=found_in(
            located.header, read.found, typed, non_ascii=located.reader.opened.non_ascii
        ),
        parts=tuple(typed.sink.parts),
    )
    typed.sink.publish(engine, options.into or job.kind)
    engine.pour("refused_row", "rejected_row")
    return staged


def _known(mapping: Mapping, reading: Reading) -> dict[str, str]:
    """Return what the values of files with these headers prove; what is stated needs no proof."""
    known = {**mapping.known, **reading.proved}
    return {key: value for key, value in known.items() if getattr(mapping, key) is None}


def _senders(options: StageOptions) -> tuple[str, ...]:
    """Say whose file it is, where nobody but the template says so."""
    found = options.template
    own = any(text.startswith("sender=") for text in options.answers)
    if found is None or found.mapping.sender is None or options.sender or own:
        return ()
    said = (
        f"It is taken to be {found.mapping.sender}'s file, because the headers are those of "
        f"{found.name}. If it is not, take it out again and state --sender."
    )
    return (said,)


def _new_columns(located: _Located, options: StageOptions) -> tuple[str, ...]:
    found = options.template
    return tuple(new_headers(found, located.header.cells)) if found else ()


def _add_short_lines(engine: Engine, found: Oddities, file_no: int) -> None:
    if found.rejects:
        engine.upload(
            "short_line",
            {"line_no": "BIGINT", **dict.fromkeys(Reject._fields[1:], "VARCHAR")},
            found.rejects,
        )
        engine.append("refused_row", "importing/short_line", file_no=file_no)


def _is_cut_off(kind: Kind, located: _Located, classes: dict[str, int]) -> bool:
    """Say whether a file is as long as Pingtree's export, or Excel's sheets, can be."""
    is_sheet = located.reader.sheet is not None
    lines = sum(classes.values())
    if (is_sheet or located.header.delimiter) and lines == SHEET_LIMIT:
        return True  # a text, too: Excel may have opened and saved it
    if is_sheet and located.reader.opened.encoding == "xls" and lines == OLD_SHEET_LIMIT:
        return True
    platform = located.table.columns.platform
    is_ours = platform == PINGTREE or (platform is None and kind is not Kind.CLAIM)
    return is_ours and row_lines(classes) == EXPORT_LIMIT
