"""A file of any form without its personal values, written anew in the same form, line by line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconcile.importing.fields import fold
from reconcile.importing.locating.tables import Header
from reconcile.importing.opening.chunks import Chunks
from reconcile.importing.opening.files import Opened
from reconcile.importing.opening.lines import records
from reconcile.importing.reading.jsonlines import members_of, spelled
from reconcile.importing.reading.parquet import ParquetRows, texts_of
from reconcile.importing.reading.personal import CLEANED, WITHHELD, Personal

if TYPE_CHECKING:
    import pyarrow as pa


def cleaned_text(opened: Opened, header: Header, personal: Personal, folder: Path) -> Opened:
    """Write a text without its personal values to a folder, line by line as it was."""
    target = folder / CLEANED
    mark = header.delimiter or ","
    with (
        closing(Chunks(opened.path, name=opened.name)) as chunks,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        lines = _lines(chunks)
        file.writelines(islice(lines, header.last_line))
        writer = csv.writer(file, delimiter=mark, lineterminator="\n")
        for row in records(lines, mark):
            personal = personal.below(row.cells)
            cells = personal.cells(row)
            if any(cells):
                writer.writerow(cells)
            else:
                file.write("\n" * row.span)
    return Opened(opened.name, opened.given, target, opened.encoding)


def cleaned_objects(opened: Opened, personal: Personal, folder: Path) -> Opened:
    """Write JSON lines without the personal values, which may stand within others, too.

    A line that is no object may hold them anywhere: it is withheld, and ends up rejected.
    """
    target = folder / CLEANED
    with (
        closing(Chunks(opened.path, name=opened.name)) as chunks,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        for line in _lines(chunks):
            end = "\n" if line.endswith(("\n", "\r")) else ""
            file.write(_cleaned_object(line, personal) + end)
    return Opened(opened.name, opened.given, target, opened.encoding)


def _cleaned_object(line: str, personal: Personal) -> str:
    if not line.strip():
        return ""
    members = members_of(line)
    if members is None:
        return json.dumps(", ".join(WITHHELD[::2]))
    return spelled(personal.inside(members))


def cleaned_parquet(opened: Opened, rows: ParquetRows, personal: Personal, folder: Path) -> Opened:
    """Write a Parquet file without the personal values, row by row as it was.

    Nested columns that hold such a name become texts, as they are kept anyway.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = folder / CLEANED
    told = _Columns(rows, personal)
    schema = pa.schema([(name, kind) for name, kind in zip(told.names, told.kinds, strict=True)])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in rows.batches():
            arrays = [told.array(place, batch.column(place)) for place in range(len(told.names))]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return Opened(opened.name, opened.given, target, opened.encoding)


class _Columns:
    """The columns of a Parquet file, and what is kept of each."""

    def __init__(self, rows: ParquetRows, personal: Personal) -> None:
        import pyarrow as pa

        own = rows.file.schema_arrow
        self._personal = personal
        self.names = list(own.names)
        self.kinds = [
            pa.string() if place in personal.places or self._hides(kind) else kind
            for place, kind in enumerate(own.types)
        ]

    def array(self, place: int, column: pa.Array) -> pa.Array:
        """Return what is kept of a column."""
        import pyarrow as pa

        if self.kinds[place] == column.type and place not in self._personal.places:
            return column
        hashes = self._personal.places.get(place)
        if hashes is None:
            nested = (_plain(value) for value in column.to_pylist())
            kept = (None if v is None else spelled(self._personal.inside(v)) for v in nested)
            return pa.array(kept, pa.string())
        texts = texts_of(column).to_pylist()
        return pa.array((self._personal.kept(t or "", hashes=hashes) for t in texts), pa.string())

    def _hides(self, kind: pa.DataType) -> bool:
        """Say whether a nested type may hold a personal name."""
        import pyarrow as pa

        if pa.types.is_map(kind):
            return True
        if not pa.types.is_nested(kind):
            return False
        fields = [kind.field(place) for place in range(kind.num_fields)]
        names = {fold(field.name) for field in fields} if pa.types.is_struct(kind) else set()
        return bool(names & self._personal.named.keys()) or any(
            self._hides(field.type) for field in fields
        )


def _plain(value: Any) -> Any:
    """Return a nested value as of JSON: a map, which comes as pairs, is an object."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        is_map = bool(value) and all(isinstance(item, tuple) for item in value)
        if is_map:
            return {str(key): _plain(member) for key, member in value}
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _lines(chunks: Chunks) -> Iterator[str]:
    while group := chunks.take(1):
        yield from group[0].text_lines()
