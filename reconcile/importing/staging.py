"""One file into the staged tables: open, locate, map, type.

Every line of the file ends in one class, every data line is loaded or rejected with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from reconcile.engine import Arrangement, Engine
from reconcile.errors import BadMapping, QuestionOpen, ResidualError
from reconcile.importing import reading
from reconcile.importing.asking import Reading, decide
from reconcile.importing.columns import Columns, map_columns
from reconcile.importing.dictionary import PINGTREE
from reconcile.importing.fields import ALL_FIELDS, LEAD_TEXTS
from reconcile.importing.locating import Header, locate_in_sheet, locate_in_text
from reconcile.importing.opening import Opened, open_file
from reconcile.importing.reading import RAW, Raw
from reconcile.importing.records import Mapping, StagedFile, StageOptions
from reconcile.importing.workbook import open_sheet, sheet_records
from reconcile.terms import Kind
from reconcile.zones import midnight_utc, zone_of

EXPORT_LIMIT = 100_000
"""Rows that a Pingtree export holds at most (docs.pingtree.com, campaign data)."""

_ROW_CLASSES = ("data", "short", "long")

_SCRATCH = (
    "text_cell",
    "text_line",
    RAW,
    "set_apart",
    "typed",
    "dispute",
    "summed",
    "staged_row",
    "repeated_row",
    "refused_row",
    "short_line",
)


@dataclass(frozen=True)
class _Located:
    """A file that lies in `raw_line`, and what is known of it so far."""

    opened: Opened
    header: Header
    columns: Columns
    raw: Raw
    sheet: str | None
    lines: int
    classes: dict[str, int] = field(default_factory=dict)


def stage(
    engine: Engine, path: Path | str, *, kind: Kind, options: StageOptions | None = None
) -> StagedFile:
    """Read a file and append its rows to the engine's table of its kind.

    Rejected lines go to the table `rejected_row`; both tables are made if they are not there.

    Args:
        engine: Engine that holds the staged tables.
        path: CSV (also `;`, tab or `|`, also gzipped) or XLSX; told by its bytes.
        kind: What one row of the file is.
        options: How to read it.

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
    if mapping.kind is not None and mapping.kind is not kind:
        raise BadMapping(
            f"{mapping.name}: is for files of {mapping.kind}s, but {path} was given as {kind}s."
        )
    with TemporaryDirectory(prefix="reconcile-") as folder, _scratch(engine):
        engine.execute("importing/macros")
        located = _locate(engine, Path(path), Path(folder), kind, options)
        engine.arrange("text_line", RAW, _arrangement(located, kind, to_keep=options.to_keep))
        _set_apart(engine, located)
        located = replace(located, classes=_line_classes(engine, located))
        how = decide(engine, str(path), located.columns, options)
        _type(engine, how, located, kind, options)
        return _publish(engine, how, located, kind, options)


def empty_tables(engine: Engine) -> None:
    """Make the staged tables without rows, with the columns and types of the real ones."""
    for kind in Kind:
        engine.table(kind, f"warehouse/{kind}/empty")
    engine.table("rejected_row", "importing/empty_rejected_row")


@contextmanager
def _scratch(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        for name in _SCRATCH:
            engine.drop(name)


def _locate(
    engine: Engine, path: Path, folder: Path, kind: Kind, options: StageOptions
) -> _Located:
    name = str(path)
    mapping = options.mapping
    opened = open_file(path, folder, name=name)
    if opened.encoding == "xlsx":
        wanted = mapping.sheet if mapping else None
        title, sheet = open_sheet(opened.path, name=name, wanted=wanted)
        rows = list(sheet_records(sheet))
        header = locate_in_sheet(rows, name=name, mapping=mapping)
        columns = map_columns(name, header.cells, kind=kind, options=options)
        raw = reading.read_records(engine, rows[header.last_line :], header)
        return _Located(opened, header, columns, raw, title, len(rows))
    header = locate_in_text(opened.text_lines(), name=name, mapping=mapping)
    columns = map_columns(name, header.cells, kind=kind, options=options)
    raw = reading.read_text(engine, opened, header)
    return _Located(opened, header, columns, raw, None, opened.lines)


def _arrangement(located: _Located, kind: Kind, *, to_keep: bool) -> Arrangement:
    """Name the raw columns by our fields; what fills none of them goes into `extra`."""
    columns = located.columns
    texts = {f"c_{field}": f"c{places[0]}" for field, places in columns.fields.items()}
    constants: dict[str, str | None] = {
        f"c_{field}": columns.constants.get(field)
        for field in ALL_FIELDS
        if field not in columns.fields
    }
    added = columns.fields.get("revenue", [])[1:]
    lists: dict[str, list[str | None]] = {"cells": [*reading.column_names(located.header)]}
    if added:
        lists["more_revenue"] = [f"c{place}" for place in added]
    if kind is Kind.LEAD and to_keep:
        places = [columns.fields.get(field) for field in LEAD_TEXTS]
        lists["lead_cells"] = [f"c{place[0]}" if place else None for place in places]
    extra = {header: f"c{place}" for header, place in columns.extra.items()} if to_keep else {}
    return Arrangement(
        lines=located.raw.numbered,
        texts=texts,
        constants=constants | ({} if extra else {"extra": None}),
        lists=lists,
        objects={"extra": extra} if extra else {},
        no_lists=tuple({"more_revenue", "lead_cells"} - set(lists)),
    )


def _set_apart(engine: Engine, located: _Located) -> None:
    columns = located.columns
    id_place = columns.fields["transaction_id"][0]
    engine.table(
        "set_apart",
        "importing/set_apart",
        has_time="occurred_at" in columns.fields,
        id_header=columns.headers[id_place],
        headers=columns.headers,
    )


def _type(
    engine: Engine, how: Reading, located: _Located, kind: Kind, options: StageOptions
) -> None:
    """Type the texts into `staged_row`, and the rows that cannot be typed into `refused_row`."""
    mapping = options.mapping or Mapping()
    engine.view("text_cell", "importing/text_cell")
    engine.table(
        "typed",
        "importing/typed",
        **how.parameters(),
        sender=options.sender or mapping.sender,
        dated=located.sheet is not None,
        adds=len(located.columns.fields.get("revenue", [])) > 1,
        file_no=options.file_no,
    )
    engine.drop("text_cell")
    engine.drop("text_line")
    engine.drop(RAW)  # memory: the texts are a third of what a large file needs
    if mapping.sum_by is not None:
        engine.table("dispute", "importing/dispute")
        engine.table("summed", "importing/summed")
        engine.drop("typed")
        engine.pour("summed", "typed")
    engine.table("refused_row", "importing/rejected_row")
    if options.to_keep:
        engine.table("staged_row", f"importing/rows_{kind}")
        engine.table("repeated_row", "importing/repeated")
        engine.execute("importing/number_repeated")
    else:
        engine.execute("importing/drop_refused")
        engine.pour("typed", "staged_row")


def _publish(
    engine: Engine, how: Reading, located: _Located, kind: Kind, options: StageOptions
) -> StagedFile:
    """Say what the file was, and append its rows to the staged tables."""
    mapping = options.mapping or Mapping()
    _add_short_lines(engine, located.raw, options.file_no)
    facts = engine.records("importing/summary")[0]
    _check_lines(located, facts)
    period_from, period_to = _period(located.opened.name, mapping, options)
    staged = StagedFile(
        file_no=options.file_no,
        name=located.opened.name,
        kind=kind,
        sha256=located.opened.sha256,
        sender=options.sender or mapping.sender,
        encoding=located.opened.encoding,
        delimiter=located.header.delimiter,
        sheet=located.sheet,
        zone=how.zone,
        zone_stated_by=how.stated_by,
        mapping=located.columns.described(),
        has_amount=located.columns.has_amount,
        rows=facts["row_count"],
        rejected=facts["refused"],
        line_classes=located.classes,
        period_from=period_from,
        period_to=period_to,
        first_at=facts["first_at"],
        last_at=facts["last_at"],
        campaigns=facts["campaigns"] or [],
        buyers=facts["buyers"] or [],
        cut_off=_is_cut_off(kind, located),
        status_words=mapping.status,
        status_events=mapping.status_event,
        delivery=mapping.delivery or "part",
    )
    engine.pour("staged_row", options.into or kind)
    engine.pour("refused_row", "rejected_row")
    return staged


def _add_short_lines(engine: Engine, raw: Raw, file_no: int) -> None:
    if raw.rejects:
        engine.upload(
            "short_line",
            {"line_no": "BIGINT", "value": "VARCHAR", "reason": "VARCHAR"},
            raw.rejects,
        )
        engine.append("refused_row", "importing/short_line", file_no=file_no)


def _line_classes(engine: Engine, located: _Located) -> dict[str, int]:
    """Count the lines of each class."""
    ((records,),) = engine.query("importing/raw_count")
    apart: dict[str, int] = dict(engine.query("importing/class_count"))
    classes = Counter(located.raw.classes)
    classes.update(apart)
    classes["header"] += located.header.span
    classes["title"] += located.header.titles
    classes["blank"] += located.header.blanks
    classes["data"] += records - sum(apart.values())
    return {name: classes[name] for name in sorted(classes) if classes[name] or name == "data"}


def _check_lines(located: _Located, facts: dict[str, int]) -> None:
    """Stop on lines that got lost: a defect of ours that must never pass in silence."""
    classes = located.classes
    rows = sum(classes.get(name, 0) for name in _ROW_CLASSES)
    if sum(classes.values()) != located.lines or facts["line_count"] + facts["refused"] != rows:
        raise ResidualError(
            f"{located.opened.name}: {located.lines} lines, but the classes are {classes}; "
            f"{rows} data lines, but {facts['line_count']} loaded and {facts['refused']} rejected."
        )


def _period(
    name: str, mapping: Mapping, options: StageOptions
) -> tuple[datetime | None, datetime | None]:
    """Return the stated period in UTC, half open."""
    if mapping.period is None:
        return None, None
    zone = mapping.zone or options.zone
    if zone is None:
        raise QuestionOpen(
            f"{name}: the days of [period] in {mapping.name} are in no zone. Add to the mapping, "
            'for example: zone = "America/Los_Angeles"'
        )
    first, last = mapping.period
    return midnight_utc(first, zone_of(zone)), midnight_utc(last, zone_of(zone))


def _is_cut_off(kind: Kind, located: _Located) -> bool:
    platform = located.columns.platform
    is_ours = platform == PINGTREE or (platform is None and kind is not Kind.CLAIM)
    return is_ours and sum(located.classes.get(name, 0) for name in _ROW_CLASSES) == EXPORT_LIMIT
