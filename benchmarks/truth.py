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

from benchmarks.places import Sample

Key = tuple[str, str]


class _Side:
    """How many rows a key has, and their money in cents; None is no amount."""

    def __init__(self, paths: list[Path]) -> None:
        self.rows: dict[Key, int] = {}
        self.cents: dict[Key, int | None] = {}
        for key, amount in _rows(paths):
            self.rows[key] = self.rows.get(key, 0) + 1
            known = [one for one in (self.cents.get(key), amount) if one is not None]
            self.cents[key] = sum(known) if known else None


def make(sample: Sample) -> None:
    """Count a sample and keep the result beside it."""
    events, claims = _Side([sample.events]), _Side(sample.claims)
    counts: dict[str, list[Any]] = {}
    rows = {"both": 0, "only_event": 0, "only_claim": 0}
    for key in {**events.rows, **claims.rows}:
        numbers = [events.rows.get(key, 0), claims.rows.get(key, 0)]
        money = [events.cents.get(key), claims.cents.get(key)]
        total = counts.setdefault(_class(numbers, money), [0, 0, 0, 0, 0])
        for place, number in enumerate([1, *numbers, *money]):
            total[place] += number or 0
        rows["both"] += min(numbers)
        rows["only_event"] += max(0, numbers[0] - numbers[1])
        rows["only_claim"] += max(0, numbers[1] - numbers[0])
    named = {
        name: [*total[:3], *(f"{Decimal(cents) / 100:.2f}" for cents in total[3:])]
        for name, total in sorted(counts.items())
    }
    text = json.dumps({"counts": named, "rows": rows}, indent=1)
    (sample.folder / "truth.json").write_text(text, encoding="utf-8")


def agrees(truth: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether a tool's answer is the truth, as far as it goes: it may count keys only."""
    if "rows" in said and said["rows"] != truth["rows"]:
        return False
    counts = truth["counts"]
    return all(
        counts.get(name, [])[: len(numbers)] == numbers
        for name, numbers in said.get("counts", counts).items()
    ) and set(said.get("counts", counts)) == set(counts)


def _rows(paths: list[Path]) -> Iterator[tuple[Key, int | None]]:
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                money = row["revenue"]
                cents = int(Decimal(money) * 100) if money else None
                yield (row["transaction_id"], row["event_id"]), cents


def _class(numbers: list[int], money: list[int | None]) -> str:
    if max(numbers) > 1:
        return "several"
    if 0 in numbers:
        return "only_event" if numbers[0] else "only_claim"
    return "matched" if money[0] == money[1] else "differs"
