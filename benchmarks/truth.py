"""The simple job by plain Python, row by row: what every other tool has to arrive at.

A key is an id and an event as they are spelled, an empty cell being an empty text. One row a side
is a match if both have the same amount, or neither has one; else the two differ.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zlib import crc32

from benchmarks.places import Sample

Key = tuple[str, str]

ROWS_AT_ONCE = 2_000_000
"""A larger sample is counted in several passes, each over a part of the ids: Python needs room."""


class _Side:
    """How many rows a key has, and their money in cents; None is no amount."""

    def __init__(self, rows: Iterator[tuple[Key, int | None]]) -> None:
        self.rows: dict[Key, int] = {}
        self.cents: dict[Key, int | None] = {}
        for key, amount in rows:
            self.rows[key] = self.rows.get(key, 0) + 1
            known = [one for one in (self.cents.get(key), amount) if one is not None]
            self.cents[key] = sum(known) if known else None


def make(sample: Sample) -> None:
    """Count a sample and keep the result beside it."""
    counts: dict[str, list[Any]] = {}
    rows = {"both": 0, "only_event": 0, "only_claim": 0}
    parts = 1 + sample.rows // ROWS_AT_ONCE
    for part in range(parts):
        events = _Side(_rows([sample.events], part, parts))
        claims = _Side(_rows(sample.claims, part, parts))
        _add(counts, rows, events, claims)
    named = {
        name: [*total[:3], *(f"{Decimal(cents) / 100:.2f}" for cents in total[3:])]
        for name, total in sorted(counts.items())
    }
    text = json.dumps({"counts": named, "rows": rows}, indent=1)
    (sample.folder / "truth.json").write_text(text, encoding="utf-8")


def _add(counts: dict[str, list[Any]], rows: dict[str, int], events: _Side, claims: _Side) -> None:
    for key in {**events.rows, **claims.rows}:
        numbers = [events.rows.get(key, 0), claims.rows.get(key, 0)]
        money = [events.cents.get(key), claims.cents.get(key)]
        total = counts.setdefault(_class(numbers, money), [0, 0, 0, 0, 0])
        for place, number in enumerate([1, *numbers, *money]):
            total[place] += number or 0
        rows["both"] += min(numbers)
        rows["only_event"] += max(0, numbers[0] - numbers[1])
        rows["only_claim"] += max(0, numbers[1] - numbers[0])


def agrees(truth: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether a tool's answer is the truth, as far as it goes: it may count keys only."""
    if "rows" in said and said["rows"] != truth["rows"]:
        return False
    counts = truth["counts"]
    return all(
        counts.get(name, [])[: len(numbers)] == numbers
        for name, numbers in said.get("counts", counts).items()
    ) and set(said.get("counts", counts)) == set(counts)


def _rows(paths: list[Path], part: int, parts: int) -> Iterator[tuple[Key, int | None]]:
    """Yield key and cents of those rows whose id is of one part of all ids."""
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader)
            id_at, event_at, money_at = (
                header.index(name) for name in ("transaction_id", "event_id", "revenue")
            )
            for row in reader:
                if crc32(row[id_at].encode()) % parts == part:
                    money = row[money_at]
                    cents = int(Decimal(money) * 100) if money else None
                    yield (row[id_at], row[event_at]), cents


def _class(numbers: list[int], money: list[int | None]) -> str:
    if max(numbers) > 1:
        return "several"
    if 0 in numbers:
        return "only_event" if numbers[0] else "only_claim"
    return "matched" if money[0] == money[1] else "differs"
