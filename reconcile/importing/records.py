"""The frozen records of the room: what a caller asks, and what it learns of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.importing.found import Found
from reconcile.importing.questions import Question
from reconcile.importing.salting import Salt
from reconcile.terms import Kind

if TYPE_CHECKING:
    from reconcile.importing.forms.evidence import KnownTimes


STATED = "stated.json"
"""File of a batch's folder: the mapping and the options by which its rows were read."""


@dataclass(frozen=True)
class Mapping:
    """What a person has said about one sender's files; made by `load_mapping`."""

    name: str = "mapping"
    """The mapping file as the caller gave it, for messages."""
    sender: str | None = None
    kind: Kind | None = None
    sheet: str | None = None
    member: str | None = None
    """The file to read of a ZIP archive that holds several."""
    header: int | None = None
    """Line of the header, counted from 1, where it is not to be looked for."""
    header_rows: str | None = None
    """`2` if the header is written over two lines, `1` if not; None to be asked in doubt."""
    zone: str | None = None
    date_format: str | None = None
    """A strptime form, or `unix` for seconds; None for ISO times."""
    date_formats: dict[str, str] = field(default_factory=dict)
    """The same for single headers, which go before it; see `form_of`."""
    decimal: str | None = None
    """`.` or `,`; None if nobody has said."""
    units: dict[str, str] = field(default_factory=dict)
    """Field of amounts to what they are counted in: `micros`, `cents` or `whole`."""
    currency: str | None = None
    sum_by: str | None = None
    delivery: str | None = None
    """`full` if each file is all that the sender has to say of its period; None if nobody said."""
    columns: dict[str, str | list[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    """Headers that are none of our fields, so that nobody is asked about them."""
    drop: tuple[str, ...] = ()
    """Headers whose values are stored nowhere."""
    hash: tuple[str, ...] = ()
    """Headers of whose values only a hash is stored."""
    trust: tuple[str, ...] = ()
    """Headers that are right although the values look like something else."""
    new_columns: str | None = None
    """What to do about headers that `headers` lacks: `freeze` asks, `evolve` shows them,
    `discard_value` keeps nothing of them, `discard_row` refuses rows that fill them."""
    equal_rows: str | None = None
    """`same` if equal rows without an id, in files of one time, are the same; None to be asked."""
    damaged_ids: str | None = None
    """`keep` if a row whose id a spreadsheet has shortened to 1.23E+17 is loaded all the same."""
    zone_words: str | None = None
    """`fixed` if PST in a cell is UTC-8 all year, `local` if the clocks of its place are meant."""
    clock: str | None = None
    """`24` if hours that all lie from 1 to 12 are right, `stop` to refuse such a file."""
    accept_total: str | None = None
    """Sum of the rows and the file's total, `950.75/982.25`, that may differ; `stop` refuses."""
    accept_count: str | None = None
    """Rows of the file and those that it says it has, `39/40`, that may differ; or `stop`."""
    second_table: str | None = None
    """`apart` if a table with another header below the rows is left out; None to be asked."""
    part_titles: str | None = None
    """What notes right above a repeated header name of the rows below: `campaign`, `buyer`, `event`
    or `period`; `ignore` if nothing; None to be asked."""
    known: dict[str, str] = field(default_factory=dict)
    """What earlier files have proved and nobody had to state: `date_format` and `decimal`."""
    headers: tuple[str, ...] = ()
    """All headers of the file that a template was saved for, in the order of their folded text."""
    period: tuple[date, date] | None = None
    """Local days, half open."""
    status: dict[str, str] = field(default_factory=dict)
    status_event: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    """Dimension (buyer, campaign, event, source) to spelling to the name that it stands for."""

    def form_of(self, header: str) -> str | None:
        """Return how the times of a column are written, if anybody has said."""
        return self.date_formats.get(header, self.date_format)


@dataclass(frozen=True)
class Template:
    """A mapping that was saved for all files with its headers."""

    name: str
    mapping: Mapping


@dataclass(frozen=True)
class Placed:
    """A sheet or file of an archive that templates have told, where it would have been asked."""

    question: Question
    name: str
    templates: tuple[str, ...]
    """Names of the templates that mean it."""


@dataclass(frozen=True)
class StageOptions:
    """How one file is to be read."""

    name: str | None = None
    """What the file is called, where it lies under another name; None for its path."""
    file_no: int = 1
    into: str | None = None
    """Engine table the rows are appended to; None for the kind's own."""
    folder: Path | None = None
    """Where the rows are written as Parquet; None to keep them in the engine's table."""
    batch: str | None = None
    """Batch that the rows in `folder` name in the place of `file_no`."""
    mapping: Mapping | None = None
    answers: tuple[str, ...] = ()
    """Lines of a mapping, `key=value`, which go before what mapping and template say."""
    salt: Salt = field(default_factory=Salt)
    """By which personal values are hashed; one that dies with the process unless a home has it."""
    hashed_by: str | None = None
    """The mark of the salt by which it was hashed before."""
    cleaned: tuple[str, ...] = ()
    """What was taken out before, `drop HEADER` or `hash HEADER`, as of the file a batch keeps."""
    templates: tuple[Template, ...] = ()
    """Of which one is taken by the file's headers, where there is no mapping."""
    template: Template | None = None
    """The one that was taken."""
    placed: tuple[Placed, ...] = ()
    """The sheet and the file of an archive that a template has told."""
    zone: str | None = None
    """Zone of times that name none, where the mapping does not say."""
    known_times: KnownTimes | None = None
    """Events to hold times against whose zone or order is asked."""
    canonical_headers: bool = False
    """Our own header names are taken at their word, without a fingerprint."""
    sender: str | None = None
    """Whose file it is; None for the mapping's word."""
    to_keep: bool = True
    """The rows are to be stored: with the key of their content, and all that the file says. Rows
    that are only compared have what a verdict reads."""


@dataclass(frozen=True)
class StagedFile:
    """What is known of a file whose rows are staged; times are naive UTC."""

    file_no: int
    name: str
    kind: Kind
    sha256: str
    sender: str | None
    encoding: str
    delimiter: str | None
    sheet: str | None
    zone: str
    zone_stated_by: str
    """`mapping`, `run` or `values`."""
    mapping: dict[str, str | list[str]]
    """Field to header, or headers whose amounts are added; constants as `= value`."""
    has_amount: bool
    rows: int
    """Rows staged; fewer than lines loaded where `sum_by` adds lines up."""
    rejected: int
    """Lines of data, short and long ones that were not loaded; each has its `rejected_row`."""
    line_classes: dict[str, int]
    """Lines of the file by class; they add up to its lines. `data` + `short` + `long` are the
    lines loaded and rejected; `continuation` is a line inside a quoted cell."""
    period_from: datetime | None
    period_to: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    campaigns: list[str]
    buyers: list[str]
    cut_off: bool
    """The file holds exactly as many rows as a Pingtree export, or a sheet of Excel, may: it is
    almost surely cut off."""
    status_words: dict[str, str]
    status_events: dict[str, str]
    told: Mapping = field(default_factory=Mapping)
    """All that was stated of the file: by its mapping or template, and by answers."""
    headers: tuple[str, ...] = ()
    """Its headers, in their order."""
    template: str | None = None
    """Name of the template by which it was read."""
    from_template: tuple[str, ...] = ()
    """What the file does not say and its template does, as sentences that are to be told."""
    cleaned: tuple[str, ...] = ()
    """What was taken out before it was read: `drop HEADER`, `hash HEADER`."""
    hashed_by: str | None = None
    """The mark of the salt by which values were hashed; None if none were, or without one."""
    new_columns: tuple[str, ...] = ()
    """Headers that its template lacks."""
    delivery: str = "part"
    """`full` if rows of older files of its period, which it lacks, are withdrawn."""
    notes: Found = field(default_factory=Found)
    """What the file says of itself outside of its rows."""
    comma: bool = False
    """Its amounts are written 1.234,50."""
    units: dict[str, int] = field(default_factory=dict)
    """Field to how many of its amounts are one, where they are not whole units."""
    said: tuple[str, ...] = ()
    """What told the form of the times, where they are not all ISO."""
    parts: tuple[Path, ...] = ()
    """The Parquet files of its rows; none where they are in the engine's table."""
