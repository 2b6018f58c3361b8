"""The rows below the header as texts, each with the line it starts on.

A chunk in which every line is one record, which is proven by counting both, is read by the engine
where it lies. Any other one is read record by record.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.engine import Engine, TextFile, UnevenText
from reconcile.importing.found import Oddities
from reconcile.importing.locating.classing import Frame
from reconcile.importing.locating.part_titles import FIELDS, Naming, first_part
from reconcile.importing.locating.tables import Header
from reconcile.importing.opening.chunks import Chunk, Chunks
from reconcile.importing.opening.files import Opened
from reconcile.importing.opening.lines import Record, records
from reconcile.importing.reading.sorting import Sorter
from reconcile.importing.values.parts import Load, Part
from reconcile.importing.values.typed import TypedRows

if TYPE_CHECKING:
    import pyarrow as pa

RAW = "raw_line"
"""Engine table of what was read record by record: `line_no`, `c0`, `c1`, .."""

CHUNK = 20_000

FEW = 2_000
"""Fewer rows are handed to the engine as values: Arrow's way takes a second to begin."""

MOST_AT_ONCE = 8
"""Chunks that are read at once; each needs memory."""

AMPLE = 1 << 30
"""Bytes of memory with which chunks are read ahead."""

_PATTERN_LETTERS = frozenset("*?[]{}")

TAIL = 4096
"""Bytes at the end of a chunk that are looked at for notes and totals below the rows."""


def column_names(header: Header) -> list[str]:
    """Return the names of the raw table's columns."""
    return [f"c{place}" for place in range(len(header.cells))]


@dataclass(frozen=True)
class Source:
    """A text file whose header was found."""

    opened: Opened
    header: Header
    folder: Path
    """For the texts of its chunks."""
    sorter: Sorter

    @property
    def delimiter(self) -> str:
        """Return what parts its cells."""
        return self.header.delimiter or ","

    def look_at(self, chunk: Chunk) -> None:
        """Ask of a chunk what will be asked, so that the answers are there."""
        if chunk.is_even:
            _ = chunk.has_exponent, self.plain(chunk)

    def plain(self, chunk: Chunk) -> bytes | None:
        """Return the text of a chunk without its odd lines; see `Chunk.plain`."""
        return chunk.plain(self.delimiter, len(self.header.cells))


def text_source(opened: Opened, header: Header, folder: Path, typed: TypedRows) -> Source:
    """Return a text file whose header was found, and whose lines are to be classed."""
    columns, dimension = typed.table.columns, typed.mapping.part_titles
    frame = Frame.of(header.cells, columns, header.delimiter)
    naming = None
    if dimension in FIELDS:
        naming = Naming(opened.name, dimension, first_part(header))
    is_point = typed.mapping.decimal != ","
    sorter = Sorter(frame, Oddities(), is_point=is_point, naming=naming)
    return Source(opened, replace(header, cells=columns.headers), folder, sorter)


def read_text(chunks: Chunks, source: Source, typed: TypedRows) -> Oddities:
    """Type all rows of a text: as many chunks at once as the engine has threads."""
    group = chunks.take(1)
    most = 1 if group[0].is_whole else min(typed.engine.threads, MOST_AT_ONCE)
    group += chunks.take(most - 1)
    while group:
        if len(group) == most > 1 and typed.engine.memory_limit >= AMPLE:
            chunks.read_ahead(most, source.look_at)
        source.sorter.found.is_open_ended = _is_open_ended(group[-1])
        if not _is_taken(group, source, typed):
            chunks.give_back(group)
            for _ in range(len(group)):
                _take_one(chunks, source, typed, is_tried=len(group) == 1)
        group = chunks.take(most)
    return source.sorter.found


def _take_one(chunks: Chunks, source: Source, typed: TypedRows, *, is_tried: bool) -> None:
    """Type the next chunk, record by record if need be."""
    for chunk in chunks.take(1):
        if is_tried or not _is_taken([chunk], source, typed):
            records = _read_chunk(typed.engine, chunks, chunk, source=source)
            typed.take(Part([RAW], records, is_whole=chunk.is_whole))


def _is_taken(group: list[Chunk], source: Source, typed: TypedRows) -> bool:
    """Let the engine read some chunks; trust it only if it saw one record on each line."""
    if source.sorter.naming is not None:
        return False  # only reading line by line tells below which title a row stands
    if source.sorter.is_amid_oddities(group[0].before) or not all(chunk.is_even for chunk in group):
        return False
    if any(_ends_oddly(chunk, source) for chunk in group):
        return False
    parts = _Parts(group, source, typed)
    for make in (parts.plain, parts.any):
        part = make()
        try:
            if part is not None:
                typed.take(part)
        except UnevenText:
            continue
        if part is not None:
            source.sorter.found.has_rows = True
            return True
    return False


def _is_open_ended(chunk: Chunk) -> bool:
    """Say whether the last line has no end, though others have; then it may be cut off."""
    return not chunk.text.endswith((b"\n", b"\r")) and chunk.before + chunk.lines > 1


def _ends_oddly(chunk: Chunk, source: Source) -> bool:
    """Say whether a line at the end of a chunk may be a note or a total, where these stand."""
    tail = chunk.text[-TAIL:]
    if len(tail) == TAIL:
        tail = tail[tail.find(b"\n") + 1 :]
    skipped = _skipped(chunk, source) if len(chunk.text) <= TAIL else 0
    lines = tail.decode("utf-8", "replace").splitlines(keepends=True)[skipped:]
    rows = [row.cells for row in records(lines, source.delimiter) if row.fault is None]
    return source.sorter.has_odd(rows)


@dataclass(frozen=True)
class _Parts:
    """Some chunks as what is typed at once."""

    group: list[Chunk]
    source: Source
    typed: TypedRows

    def any(self) -> Part:
        """Return the part for cells of any kind."""
        return self._part(self._originals())

    def _part(self, files: Sequence[TextFile]) -> Part:
        is_simple = all(chunk.is_line_by_line for chunk in self.group)
        return Part(
            sources=files,
            records=sum(chunk.lines - _skipped(chunk, self.source) for chunk in self.group),
            is_whole=self.group[0].is_whole,
            has_exponent=any(chunk.has_exponent for chunk in self.group),
            picking=self if is_simple else None,
        )

    def plain(self) -> Part | None:
        """Return the part for plain cells, of which odd lines are left to the second look."""
        texts = [self.source.plain(chunk) for chunk in self.group]
        plain = [text for text in texts if text is not None]
        if len(plain) < len(texts):
            return None
        pairs = list(zip(self.group, plain, strict=True))
        if all(text is chunk.text for chunk, text in pairs):
            return replace(self.any(), is_plain=True)
        if self.typed.mapping.sum_by is not None:
            return None
        files = [
            _text_file(chunk, self.source, f"plain-{slot}", text)
            for slot, (chunk, text) in enumerate(pairs)
        ]
        return replace(self._part(files), is_plain=True, whole=self._originals)

    def _originals(self) -> list[TextFile]:
        return [
            _text_file(chunk, self.source, f"chunk-{slot}", chunk.text)
            for slot, chunk in enumerate(self.group)
        ]

    def pick(self, numbers: list[int]) -> list[Record] | None:
        """Return some lines; None if their numbers cannot be trusted.

        Trap: the engine skips blank lines, and counts the lines below wrong. Then the last number
        of a text is missing.

        Raises:
            UnevenText: What the lines below one of them are may hang on it.
        """
        ends = {chunk.before + chunk.lines for chunk in self.group}
        is_doubtful = not ends.isdisjoint(numbers)
        if is_doubtful and any(chunk.has_blank_lines for chunk in self.group):
            return None
        rows = list(self._lines(deque(numbers)))
        if any(len(row.cells) != len(self.source.header.cells) for row in rows):
            return None
        if self.source.sorter.may_begin(row.cells for row in rows):
            raise UnevenText("lines hang on those above them")
        return rows

    def _lines(self, wanted: deque[int]) -> Iterator[Record]:
        for chunk in self.group:
            inside: list[int] = []
            while wanted and wanted[0] <= chunk.before + chunk.lines:
                inside.append(wanted.popleft())
            places = [number - chunk.before - 1 for number in inside]
            for number, line in zip(inside, chunk.picked(places), strict=True):
                yield Record(number, 1, line.split(self.source.delimiter))

    @property
    def load(self) -> Load:
        """Return what loads lines of any part, without the texts of this one."""
        return partial(_load, self.typed.engine, self.source.header)


def _load(engine: Engine, header: Header, rows: list[Record]) -> str:
    read_records(engine, rows, header=header)
    return RAW


def _skipped(chunk: Chunk, source: Source) -> int:
    return 0 if chunk.before else source.header.last_line


def _text_file(chunk: Chunk, source: Source, slot: str, text: bytes) -> TextFile:
    """Return the file of a chunk: the given one, or one that is written over again and again."""
    path = source.opened.path
    is_there = chunk.is_whole and text is chunk.text and not source.opened.is_packed
    if not is_there or _PATTERN_LETTERS.intersection(str(path)):
        path = source.folder / slot
        with path.open("r+b" if path.exists() else "wb") as file:
            file.write(text)
            file.truncate()
    skip = _skipped(chunk, source)
    names = column_names(source.header)
    return TextFile(path, names, source.delimiter, skip=skip, before=chunk.before + skip)


def _read_chunk(engine: Engine, chunks: Chunks, chunk: Chunk, *, source: Source) -> int:
    """Load the records that begin in a chunk into `raw_line`; return how many it holds.

    A record that goes on in the next chunk takes its lines off that.
    """
    header = source.header
    rows = _begun_in(chunk, chunks, source.delimiter)
    below = (row for row in rows if row.line_no > header.last_line)
    if _is_open_ended(chunk):
        source.sorter.open_line = chunk.before + chunk.lines
    return read_records(engine, source.sorter.sort(below), header=header)


def _begun_in(chunk: Chunk, chunks: Chunks, delimiter: str) -> Iterator[Record]:
    beyond: list[str] = []
    last = 0
    for row in records(_and_beyond(chunk, chunks, beyond), delimiter):
        last = row.line_no + row.span - 1
        yield row._replace(line_no=row.line_no + chunk.before)
        if last >= chunk.lines:
            break
    over = last - chunk.lines
    if over > 0:
        chunks.drop(over, sum(len(line.encode()) for line in beyond[:over]))


def _and_beyond(chunk: Chunk, chunks: Chunks, beyond: list[str]) -> Iterator[str]:
    """Yield the lines of a chunk, then those of the next one, which are noted."""
    yield from chunk.text_lines()
    following = chunks.take(1)
    chunks.give_back(following)
    for line in (line for after in following for line in after.text_lines()):
        beyond.append(line)
        yield line


def read_records(engine: Engine, whole: Iterable[Record], *, header: Header) -> int:
    """Load records of the header's width into `raw_line`."""
    names = column_names(header)
    whole = iter(whole)
    first = list(islice(whole, CHUNK))
    if len(first) < FEW:
        texts = [(row.line_no, *(cell or None for cell in row.cells)) for row in first]
        engine.upload(RAW, {"line_no": "BIGINT", **dict.fromkeys(names, "VARCHAR")}, texts)
        return len(first)
    batches = [_batch(first, names)]
    while chunk := list(islice(whole, CHUNK)):
        batches.append(_batch(chunk, names))
    import pyarrow as pa

    table = pa.Table.from_batches(batches, schema=_schema(names))
    engine.load_arrow(RAW, table)
    return int(table.num_rows)


def _schema(names: list[str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("line_no", pa.int64()), *((name, pa.string()) for name in names)])


def _batch(chunk: list[Record], names: list[str]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = zip(*(row.cells for row in chunk), strict=True)
    texts = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    numbers = pa.array([row.line_no for row in chunk], pa.int64())
    return pa.RecordBatch.from_arrays([numbers, *texts], schema=_schema(names))
