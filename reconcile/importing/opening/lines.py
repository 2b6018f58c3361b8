"""Text to records: which lines belong together, and what is wrong with them.

A quote opens only at the start of a cell. A quoted cell may hold line ends; one that is never
closed, or that would swallow lines which are rows of their own, is cut back to its first line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_LINES = 1000
"""Lines that one quoted cell may reach over before its quote counts as never closed."""


class Record(NamedTuple):
    """One record of a file: where it starts, how many lines it takes, its cells."""

    line_no: int
    span: int
    cells: list[str]
    fault: str | None = None


class _Lines:
    """Lines with a way back: the reader takes them, a fault gives all but the first back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def start(self, line: str) -> None:
        self.taken = [line]

    def next_line(self) -> str | None:
        if self._waiting:
            return self._waiting.popleft()
        return next(self._source, None)

    def __iter__(self) -> Iterator[str]:
        yield self.taken[0]
        while len(self.taken) < MOST_LINES:
            line = self.next_line()
            if line is None:
                return
            self.taken.append(line)
            yield line

    def give_back(self) -> None:
        self._waiting.extendleft(reversed(self.taken[1:]))
        self.taken = self.taken[:1]


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield the records of text lines that keep their line ends; numbers start at 1."""
    source = _Lines(lines)
    while (line := source.next_line()) is not None:
        number = source.number + 1
        if '"' not in line:
            source.number = number
            yield Record(number, 1, line.rstrip("\r\n").split(delimiter))
            continue
        source.start(line)
        cells, fault = _quoted(source, delimiter)
        source.number += len(source.taken)
        yield Record(number, len(source.taken), cells, fault)


def _quoted(source: _Lines, delimiter: str) -> tuple[list[str], str | None]:
    """Read one record that holds a quote; on a fault only its first line is used up."""
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        source.give_back()
        return [source.taken[0].rstrip("\r\n")], "a quote is not closed, or stands inside a cell"
    if len(source.taken) > 1 and _are_rows(source.taken, delimiter, len(cells)):
        source.give_back()
        return [source.taken[0].rstrip("\r\n")], "a quoted cell would swallow whole rows"
    return cells, None


def _are_rows(taken: list[str], delimiter: str, width: int) -> bool:
    """Say whether every line, taken alone, has as many cells as the record."""
    return width > 1 and all(line.count(delimiter) == width - 1 for line in taken)
