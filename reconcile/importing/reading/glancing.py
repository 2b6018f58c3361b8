"""The head of a file as it is written: its header and first rows, before anything is typed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reconcile.importing.opening.chunks import NotUtf8
from reconcile.importing.opening.files import Opened, as_cp1252, open_file
from reconcile.importing.reading.readers import reading
from reconcile.importing.records import Mapping, StageOptions


@dataclass(frozen=True)
class Head:
    """How a file was opened, its headers, and its first rows by the lines they begin on."""

    encoding: str
    delimiter: str | None
    sheet: str | None
    headers: tuple[str, ...]
    rows: dict[int, tuple[str, ...]]


def head_of(path: Path, folder: Path, *, mapping: Mapping, most: int) -> Head | None:
    """Return the head of a file.

    Args:
        path: The file.
        folder: For texts that must be written anew.
        mapping: What is known of the file.
        most: Rows below the header at most.

    Raises:
        BadFile, BadMapping, NoHeader, QuestionOpen: As `stage`.
    """
    options = StageOptions(mapping=mapping)
    opened = open_file(path, folder, name=str(path), member=mapping.member)
    try:
        return _head(opened, folder, options, most)
    except NotUtf8:
        return _head(as_cp1252(opened, folder), folder, options, most)


def _head(opened: Opened, folder: Path, options: StageOptions, most: int) -> Head | None:
    with reading(opened, options, folder) as reader:
        header = reader.locate()
        return Head(
            encoding=opened.encoding,
            delimiter=header.delimiter,
            sheet=reader.sheet,
            headers=tuple(header.cells),
            rows={row.line_no: tuple(row.cells) for row in islice(reader.first(), most)},
        )
