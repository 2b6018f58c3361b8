"""The head of a file as it is written: its header and first rows, before anything is typed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reconcile.importing.locating.tables import Header, locate_in_sheet, locate_in_text
from reconcile.importing.opening.chunks import Chunks, NotUtf8
from reconcile.importing.opening.files import Opened, as_cp1252, open_file
from reconcile.importing.opening.lines import Record, records
from reconcile.importing.reading.jsonlines import is_json_lines
from reconcile.importing.reading.workbook import open_sheet
from reconcile.importing.records import Mapping


@dataclass(frozen=True)
class Head:
    """How a file was opened, its headers, and its first rows by the lines they begin on."""

    encoding: str
    delimiter: str | None
    sheet: str | None
    headers: tuple[str, ...]
    rows: dict[int, tuple[str, ...]]


def head_of(path: Path, folder: Path, *, mapping: Mapping, most: int) -> Head | None:
    """Return the head of a text or a sheet; None for JSON lines and Parquet, which have no header.

    Args:
        path: The file.
        folder: For texts that must be written anew.
        mapping: What is known of the file.
        most: Rows below the header at most.

    Raises:
        BadFile, BadMapping, NoHeader, QuestionOpen: As `stage`.
    """
    opened = open_file(path, folder, name=str(path), member=mapping.member)
    if opened.is_workbook:
        return _of_sheet(opened, mapping, most)
    if opened.encoding == "parquet" or is_json_lines(opened):
        return None
    try:
        return _of_text(opened, mapping, most)
    except NotUtf8:
        return _of_text(as_cp1252(opened, folder), mapping, most)


def _of_sheet(opened: Opened, mapping: Mapping, most: int) -> Head:
    sheet = open_sheet(opened, wanted=mapping.sheet)
    rows = sheet.records
    header = locate_in_sheet(rows, name=opened.name, mapping=mapping)
    return _head(opened, header, rows[header.last_line : header.last_line + most], sheet.title)


def _of_text(opened: Opened, mapping: Mapping, most: int) -> Head:
    with closing(Chunks(opened.path, name=opened.name)) as chunks:
        text = [line for chunk in chunks.take(1) for line in chunk.text_lines()]
    header = locate_in_text(iter(text), name=opened.name, mapping=mapping)
    every = records(text, header.delimiter or ",")
    below = (row for row in every if row.line_no > header.last_line)
    return _head(opened, header, list(islice(below, most)), None)


def _head(opened: Opened, header: Header, rows: list[Record], sheet: str | None) -> Head:
    return Head(
        encoding=opened.encoding,
        delimiter=header.delimiter,
        sheet=sheet,
        headers=tuple(header.cells),
        rows={row.line_no: tuple(row.cells) for row in rows},
    )
