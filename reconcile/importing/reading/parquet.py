"""Parquet as rows of text, batch by batch: each value as the exact text of its type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconcile.errors import BadFile
from reconcile.importing.fields import IDS, MONEY
from reconcile.importing.found import Oddities, Reject
from reconcile.importing.locating.tables import Header
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.opening.chunks import Progress
from reconcile.importing.opening.lines import Record
from reconcile.importing.reading.sorting import SHOWN
from reconcile.importing.reading.texts import RAW, column_names
from reconcile.importing.values.parts import Part
from reconcile.importing.values.typed import TypedRows

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ROWS = 1 << 17
"""Rows of a batch."""

_FIRST = 1_000
"""Rows of which the first ones are shown and looked at."""

BLOCK = 1 << 20

EXACT_BELOW = 10**10
"""A double keeps 15 digits: below this any amount of at most four decimals is told exactly."""

_TOO_LARGE = (
    "a double of ten digits and more before the point may have lost its decimals; "
    "export it as DECIMAL or text"
)


@dataclass(frozen=True)
class ParquetRows:
    """An open Parquet file whose columns are wanted as text."""

    file: pq.ParquetFile
    name: str
    size: int
    """Bytes of the file."""

    @property
    def header(self) -> Header:
        """Return its columns as a header above its first row."""
        names = list(self.file.schema_arrow.names)
        return Header(names, last_line=0, titles=0, blanks=0, span=0, delimiter=None)

    @property
    def count(self) -> int:
        """Return the number of its rows."""
        return int(self.file.metadata.num_rows)

    def check(self, columns: Columns) -> None:
        """Refuse columns whose values cannot be what they are taken for.

        Raises:
            BadFile: One is nested, or an id in floats, or an amount in floats of 32 bits.
        """
        for field, places in columns.fields.items():
            for place in places:
                fault = _type_fault(_plain_type(self.file.schema_arrow.field(place).type), field)
                if fault is not None:
                    header = columns.headers[place]
                    raise BadFile(f"{self.name}: column {header!r}, taken for {field}, {fault}.")

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield its rows, at least one batch of them.

        Raises:
            BadFile: It is damaged.
        """
        with _telling(self.name):
            batches = self.file.iter_batches(ROWS)
        while True:
            with _telling(self.name):
                batch = next(batches, None) if self.count else self._nothing()
            if batch is not None:
                yield batch
            if batch is None or not self.count:
                return

    def _nothing(self) -> pa.RecordBatch:
        import pyarrow as pa

        return pa.RecordBatch.from_pylist([], schema=self.file.schema_arrow)


@contextmanager
def open_parquet(path: Path, *, name: str) -> Iterator[ParquetRows]:
    """Open a Parquet file.

    Raises:
        BadFile: It is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pa.OSFile(str(path)) as source:
        with _telling(name):
            file = pq.ParquetFile(source, buffer_size=BLOCK)
        yield ParquetRows(file, name, path.stat().st_size)


@contextmanager
def _telling(name: str) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise BadFile(
            f"{name}: the Parquet file is damaged or cut off ({error}). Fetch it again."
        ) from error


def first_rows(rows: ParquetRows) -> Iterator[Record]:
    """Yield the first rows, as they can be shown."""
    with _telling(rows.name):
        batch = next(rows.file.iter_batches(_FIRST), None) if rows.count else None
    if batch is not None:
        texts = [_shown(column) for column in batch.columns]
        for number, cells in enumerate(zip(*texts, strict=True), start=1):
            yield Record(number, 1, [cell or "" for cell in cells])


def _shown(column: pa.Array) -> list[str | None]:
    """Return values as texts; blanks for what is no text, which is refused where it is read."""
    import pyarrow as pa

    try:
        return list(texts_of(column).to_pylist())
    except (pa.ArrowException, UnicodeDecodeError):
        return [None] * len(column)


def read_rows(rows: ParquetRows, typed: TypedRows, progress: Progress | None) -> Oddities:
    """Type all rows; the line of a row is its number in the file, counted from 1.

    Raises:
        BadFile: The file is damaged, or a text in it is no UTF-8.
        QuestionOpen, UnknownZone: As `TypedRows.take`.
    """
    found = Oddities()
    before = 0
    for batch in rows.batches():
        table = _Batch(batch, before, rows, typed.table.columns).table(found)
        typed.engine.load_arrow(RAW, table)
        typed.take(Part([RAW], table.num_rows, is_whole=batch.num_rows == rows.count))
        before += batch.num_rows
        if progress is not None and before:
            progress(rows.size * before // rows.count, rows.size)
    if before != rows.count:
        raise BadFile(f"{rows.name}: is damaged: {before} rows where its end says {rows.count}.")
    return found


@dataclass(frozen=True)
class _Batch:
    """Some rows of a file."""

    rows: pa.RecordBatch
    before: int
    file: ParquetRows
    columns: Columns

    def table(self, found: Oddities) -> pa.Table:
        """Return the raw table of the rows; those with an amount that is not exact are rejected."""
        import pyarrow as pa

        numbers = pa.array(range(self.before + 1, self.before + self.rows.num_rows + 1), pa.int64())
        texts = [self._texts(place) for place in range(self.rows.num_columns)]
        names = ["line_no", *column_names(self.file.header)]
        table = pa.Table.from_arrays([numbers, *texts], names=names)
        refused = self._too_large()
        if not refused:
            return table
        for row, (field, place) in sorted(refused.items()):
            value = texts[place][row].as_py()
            found.rejects.append(Reject(self.before + row + 1, value[:SHOWN], _TOO_LARGE, field))
        found.classes["data"] += len(refused)
        return table.take([row for row in range(table.num_rows) if row not in refused])

    def _too_large(self) -> dict[int, tuple[str, int]]:
        """Return rows with a double that may have lost decimals of money: its field and column."""
        import pyarrow as pa
        import pyarrow.compute as pc

        refused: dict[int, tuple[str, int]] = {}
        for field in (field for field in MONEY if field in self.columns.fields):
            for place in self.columns.fields[field]:
                column = _decoded(self.rows.column(place))
                if pa.types.is_floating(column.type):
                    places = pc.indices_nonzero(pc.greater_equal(pc.abs(column), EXACT_BELOW))
                    refused.update(dict.fromkeys(places.to_pylist(), (field, place)))
        return refused

    def _texts(self, place: int) -> pa.Array:
        import pyarrow as pa
        import pyarrow.compute as pc

        is_mapped = any(place in places for places in self.columns.fields.values())
        try:
            texts = _texts(_decoded(self.rows.column(place)), is_exact=is_mapped)
            texts.validate(full=True)
        except pa.ArrowInvalid as error:
            raise BadFile(
                f"{self.file.name}: column {self.columns.headers[place]!r} holds what cannot be "
                f"told as text ({error}). Export it as text in UTF-8."
            ) from error
        return pc.if_else(pc.equal(texts, ""), None, texts)


def _type_fault(kind: pa.DataType, field: str) -> str | None:
    import pyarrow as pa

    if pa.types.is_nested(kind):
        return f"is nested ({kind}). Export it as a column of plain values"
    if pa.types.is_floating(kind) and field in IDS:
        return "holds floats: ids beyond 2^53 are already rounded; export it as text"
    if pa.types.is_floating(kind) and kind.bit_width < 64 and field in MONEY:
        return (
            f"holds floats of {kind.bit_width} bits: an amount such as 123456.78 is already "
            "rounded; export it as DECIMAL or text"
        )
    return None


def _plain_type(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _decoded(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _texts(column: pa.Array, *, is_exact: bool) -> pa.Array:
    """Return values as texts; what is no text only has to be legible, unless it is to be exact."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_timestamp(kind):
        # Nanoseconds are cut: no rule looks at them. Any other loss is an error.
        target = pa.timestamp("us", "UTC" if kind.tz else None)
        column = pc.cast(column, target, safe=kind.unit != "ns")
    spell = _speller(kind, is_exact=is_exact)
    if spell is None:
        return pc.cast(column, pa.string())
    values = (None if value is None else spell(value) for value in column.to_pylist())
    return pa.array(values, pa.string())


def texts_of(column: pa.Array) -> pa.Array:
    """Return the values of a column as texts that are legible."""
    return _texts(_decoded(column), is_exact=False)


def _speller(kind: pa.DataType, *, is_exact: bool) -> Callable[[Any], str] | None:
    """Return what spells values of a type, where a cast does not."""
    import pyarrow as pa

    if pa.types.is_decimal(kind):
        # A cast spells nothing of DECIMAL(38, 9) as 0E-9.
        return None if kind.scale in (0, 1, 2, 4) else _decimal
    if pa.types.is_nested(kind):
        return _json
    if isinstance(kind, pa.UuidType):
        return str
    is_bytes = pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return _legible if is_bytes and not is_exact else None


def _decimal(value: Any) -> str:
    """Return digits; zeros below the fourth decimal say nothing, as in DECIMAL(38, 9).

    With three decimals a fourth is added, so that 1.500 is not taken for fifteen hundred.
    """
    whole, point, part = format(value, "f").partition(".")
    return whole + point + (part[:4] + part[4:].rstrip("0")).ljust(4 if part[2:] else 0, "0")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _legible(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")
