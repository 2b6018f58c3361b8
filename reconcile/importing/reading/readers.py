"""The forms of a file, all read by the same steps: open, locate, look at some rows, read them all.

A form is told by the bytes (`opening`); what differs between forms is here and below, so that
`staging` knows none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from reconcile.errors import BadFile
from reconcile.importing.found import Oddities
from reconcile.importing.locating.tables import Header, locate_in_sheet, locate_in_text
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.opening.chunks import Chunk, Chunks, Progress
from reconcile.importing.opening.files import Opened
from reconcile.importing.opening.lines import Record, records
from reconcile.importing.reading import parquet
from reconcile.importing.reading.cleaning import cleaned_objects, cleaned_parquet, cleaned_text
from reconcile.importing.reading.jsonlines import first_rows, is_json_lines, read_keys, read_objects
from reconcile.importing.reading.kept_sheets import cleaned_sheet, kept_sheet
from reconcile.importing.reading.parquet import ParquetRows, open_parquet, read_rows
from reconcile.importing.reading.personal import personal_of
from reconcile.importing.reading.texts import RAW, read_records, read_text, text_source
from reconcile.importing.reading.workbook import Sheet, open_sheet
from reconcile.importing.records import StageOptions
from reconcile.importing.values.parts import Part
from reconcile.importing.values.typed import TypedRows

SMALL = 4 << 20
"""Bytes of a file that is only compared and whose rows need no file of their own."""

SMALL_ROWS = 30_000
"""Rows of such a file, where its bytes do not tell."""


@dataclass(frozen=True)
class ReadFile:
    """What reading a whole file has shown."""

    sha256: str
    lines: int
    found: Oddities


class Reader(Protocol):
    """An open file of one form; the steps are taken in the order in which they stand here."""

    opened: Opened
    is_dated: bool = False
    """Its times may be true dates, as those of a workbook are."""
    has_titles: bool = False
    """Its tables may stand below each other, with titles."""
    sheet: str | None = None
    is_small: bool = True
    """Its rows need no file of their own; known once the header is."""

    def locate(self) -> Header:
        """Return the header; errors as `locate_in_text`."""

    def cleaned(self, options: StageOptions, folder: Path) -> Opened | None:
        """Write the file without personal values to a folder; None if none are to be taken out.

        Raises:
            BadMapping: A personal column is not there.
        """

    def first(self) -> Iterator[Record]:
        """Yield the first rows below the header, as they are written."""
        return iter(())

    def check(self, columns: Columns) -> None:  # noqa: ARG002 - a text can hold anything
        """Refuse columns that cannot be what they are taken for; raises BadFile."""
        return

    def read(self, typed: TypedRows) -> ReadFile:
        """Type all rows.

        Raises:
            BadFile: The file is damaged.
            QuestionOpen, UnknownZone: As `TypedRows.take`.
        """


@contextmanager
def reading(
    opened: Opened, options: StageOptions, folder: Path, progress: Progress | None = None
) -> Iterator[Reader]:
    """Open the table of a file by the form of the file.

    Args:
        opened: The file.
        options: What is known of it: which sheet is wanted, and how its header is found.
        folder: For texts that must be written anew.
        progress: Called with the bytes read so far, and those of the file.

    Raises:
        BadFile, BadMapping, NoHeader, QuestionOpen: As `open_sheet` and `open_parquet`.
        NotUtf8: Any step may find a text to be in another encoding than it was opened by.
    """
    kept = kept_sheet(opened)
    if kept is not None:
        yield _SheetReader(*kept, options, folder)
    elif opened.is_workbook:
        mapping = options.mapping
        sheet = open_sheet(opened, wanted=mapping.sheet if mapping else None)
        yield _SheetReader(opened, sheet, options, folder)
    elif opened.encoding == "parquet":
        with open_parquet(opened.path, name=opened.name) as rows:
            yield _ParquetReader(opened, rows, progress)
    elif is_json_lines(opened):
        yield _ObjectReader(opened, progress)
    else:
        with closing(Chunks(opened.path, name=opened.name, progress=progress)) as chunks:
            yield _TextReader(opened, chunks, options, folder)


class _TextReader(Reader):
    """Lines of cells."""

    has_titles = True

    def __init__(self, opened: Opened, chunks: Chunks, options: StageOptions, folder: Path) -> None:
        self.opened = opened
        self._options = options
        self._chunks = chunks
        self._folder = folder
        self._head = chunks.take(1)
        chunks.give_back(self._head)
        self.is_small = _is_small(self._head)

    def locate(self) -> Header:
        self._header = locate_in_text(
            self._lines(),
            name=self.opened.name,
            mapping=self._options.mapping,
            templates=self._options.templates,
        )
        return self._header

    def cleaned(self, options: StageOptions, folder: Path) -> Opened | None:
        found = personal_of(self.opened.name, self._header.cells, options)
        return cleaned_text(self.opened, self._header, found, folder) if found else None

    def first(self) -> Iterator[Record]:
        above = self._header.last_line
        for row in records(islice(self._lines(), above, None), self._header.delimiter or ","):
            yield row._replace(line_no=row.line_no + above)

    def read(self, typed: TypedRows) -> ReadFile:
        source = text_source(self.opened, self._header, self._folder, typed)
        found = read_text(self._chunks, source, typed)
        return _read(self.opened, self._chunks, found)

    def _lines(self) -> Iterator[str]:
        return (line for chunk in self._head for line in chunk.text_lines())


class _ObjectReader(Reader):
    """JSON lines; they are read twice, because only the whole file shows all its keys."""

    def __init__(self, opened: Opened, progress: Progress | None) -> None:
        self.opened = opened
        self._halves = _halves(progress)
        self._sha256 = ""

    def locate(self) -> Header:
        with closing(self._chunks(self._halves[0])) as chunks:
            self._head = chunks.take(1)
            chunks.give_back(self._head)
            self.is_small = _is_small(self._head)
            self._header = read_keys(chunks, name=self.opened.name)
            self._sha256 = chunks.sha256
        return self._header

    def cleaned(self, options: StageOptions, folder: Path) -> Opened | None:
        found = personal_of(self.opened.name, self._header.cells, options)
        return cleaned_objects(self.opened, found, folder) if found else None

    def first(self) -> Iterator[Record]:
        return first_rows(self._head, self._header)

    def read(self, typed: TypedRows) -> ReadFile:
        with closing(self._chunks(self._halves[1])) as chunks:
            found = read_objects(chunks, self._header, typed)
            if chunks.sha256 != self._sha256:
                raise BadFile(
                    f"{self.opened.name}: was written to while it was read. Read it again."
                )
            return _read(self.opened, chunks, found)

    def _chunks(self, progress: Progress | None) -> Chunks:
        return Chunks(self.opened.path, name=self.opened.name, progress=progress)


class _SheetReader(Reader):
    """A sheet of a workbook, which is in memory."""

    is_dated = True
    has_titles = True

    def __init__(self, opened: Opened, sheet: Sheet, options: StageOptions, folder: Path) -> None:
        self.opened = opened
        self._options = options
        self.sheet = sheet.title
        self._sheet = sheet
        self._folder = folder

    def locate(self) -> Header:
        self._header = locate_in_sheet(
            self._sheet.records,
            name=self.opened.name,
            mapping=self._options.mapping,
            templates=self._options.templates,
        )
        return self._header

    def first(self) -> Iterator[Record]:
        return iter(self._sheet.records[self._header.last_line :])

    def cleaned(self, options: StageOptions, folder: Path) -> Opened | None:
        header = self._header
        found = personal_of(self.opened.name, header.cells, options)
        if not found:
            return None
        return cleaned_sheet(self.opened, self._sheet, header, personal=found, folder=folder)

    def check(self, columns: Columns) -> None:
        self._sheet.ask_coins(self.opened.name, columns)

    def read(self, typed: TypedRows) -> ReadFile:
        columns, header = typed.table.columns, self._header
        source = text_source(self.opened, header, self._folder, typed)
        sorter = source.sorter
        sorter.found.hidden = self._sheet.hidden(header)
        sorter.found.is_filtered = self._sheet.parts.is_filtered
        sorter.found.remarks = self._sheet.remarks(columns)
        if self.opened.encoding != "xlsx":
            sorter.found.number_ids = self._sheet.number_ids(header, columns)
        below = sorter.sort(self._sheet.below(header, columns))
        whole = self._sheet.checked(below, columns, sorter.found)
        count = read_records(typed.engine, whole, header=source.header)
        typed.take(Part([RAW], count, is_whole=True))
        return ReadFile(self.opened.sha256, len(self._sheet.records), sorter.found)


class _ParquetReader(Reader):
    """Typed columns, whose header is the schema."""

    is_dated = True

    def __init__(self, opened: Opened, rows: ParquetRows, progress: Progress | None) -> None:
        self.opened = opened
        self._rows = rows
        self._progress = progress
        self.is_small = rows.count < SMALL_ROWS

    def locate(self) -> Header:
        return self._rows.header

    def cleaned(self, options: StageOptions, folder: Path) -> Opened | None:
        found = personal_of(self.opened.name, self._rows.header.cells, options)
        return cleaned_parquet(self.opened, self._rows, found, folder) if found else None

    def first(self) -> Iterator[Record]:
        return parquet.first_rows(self._rows)

    def check(self, columns: Columns) -> None:
        self._rows.check(columns)

    def read(self, typed: TypedRows) -> ReadFile:
        found = read_rows(self._rows, typed, self._progress)
        return ReadFile(self.opened.sha256, self._rows.count, found)


def _is_small(head: list[Chunk]) -> bool:
    return all(chunk.is_whole and len(chunk.text) < SMALL for chunk in head)


def _read(opened: Opened, chunks: Chunks, found: Oddities) -> ReadFile:
    hashed = chunks if opened.path == opened.given else opened
    return ReadFile(hashed.sha256, chunks.lines, found)


def _halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Make one way of two."""
    if progress is None:
        return None, None
    return (
        lambda done, size: progress(done // 2, size),
        lambda done, size: progress((size + done) // 2, size),
    )
