"""Lines of a file by their numbers, as they are written: a second look at a few of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from reconcile.importing.locating.tables import locate_in_sheet, locate_in_text
from reconcile.importing.opening.chunks import Chunks, NotUtf8
from reconcile.importing.opening.files import Opened, as_cp1252, open_file
from reconcile.importing.opening.lines import records
from reconcile.importing.reading.jsonlines import is_json_lines
from reconcile.importing.reading.workbook import open_sheet
from reconcile.importing.records import Mapping

Cells = dict[str, str]
"""Header to text."""


def lines_again(
    path: Path, folder: Path, *, mapping: Mapping, wanted: set[int]
) -> dict[int, Cells]:
    """Return the cells of some lines of a text or sheet; nothing of JSON lines and Parquet.

    Lines of another width than the header are left out: nobody knows which cell is which.

    Args:
        path: The file.
        folder: For texts that must be written anew.
        mapping: What is known of the file.
        wanted: The numbers of the lines.

    Raises:
        BadFile, BadMapping, NoHeader, QuestionOpen: As `stage`.
    """
    opened = open_file(path, folder, name=str(path), member=mapping.member)
    if opened.is_workbook:
        return dict(_of_sheet(opened, mapping, wanted))
    if opened.encoding == "parquet" or is_json_lines(opened):
        return {}
    try:
        return dict(_of_text(opened, mapping, wanted))
    except NotUtf8:
        return dict(_of_text(as_cp1252(opened, folder), mapping, wanted))


def _of_sheet(opened: Opened, mapping: Mapping, wanted: set[int]) -> Iterator[tuple[int, Cells]]:
    rows = open_sheet(opened, wanted=mapping.sheet).records
    headers = locate_in_sheet(rows, name=opened.name, mapping=mapping).cells
    for line in wanted:
        cells = rows[line - 1].cells
        if len(cells) >= len(headers):
            yield line, dict(zip(headers, cells, strict=False))


def _of_text(opened: Opened, mapping: Mapping, wanted: set[int]) -> Iterator[tuple[int, Cells]]:
    with closing(Chunks(opened.path, name=opened.name)) as chunks:
        first = chunks.take(1)
        lines = (line for chunk in first for line in chunk.text_lines())
        header = locate_in_text(lines, name=opened.name, mapping=mapping)
        chunks.give_back(first)
        below = islice(_lines(chunks), header.last_line, None)
        last = max(wanted, default=0) - header.last_line
        for row in records(below, header.delimiter or ","):
            if row.line_no > last:
                return
            line = row.line_no + header.last_line
            if line in wanted and row.fault is None and len(row.cells) == len(header.cells):
                yield line, dict(zip(header.cells, row.cells, strict=True))


def _lines(chunks: Chunks) -> Iterator[str]:
    while group := chunks.take(1):
        yield from group[0].text_lines()
