"""What a dispute pack says in figures: the same for its workbook, its page and its manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reconcile.exporting.wording import MEANING, question_of
from reconcile.showing import bucket_label
from reconcile.terms import RowClass, Side

Record = Mapping[str, Any]
Amounts = Mapping[str | None, Decimal]
"""An amount for each currency, None for rows that name none."""

SHEET_ROWS = 200_000
"""Rows of a sheet; more of a class are a CSV file."""
MOST_ROWS = 1_000_000
"""Rows of a sheet below its head, somewhat less than a spreadsheet takes."""


@dataclass(frozen=True)
class Input:
    """A file that the run read: what the pack calls it, of which kind, and its sha256."""

    label: str
    kind: str
    sha256: str


@dataclass(frozen=True)
class Line:
    """One line of the bridge: what it is, how many rows, its amounts, and of which class it is."""

    label: str
    amounts: Amounts
    rows: int | None = None
    row_class: RowClass | None = None


@dataclass(frozen=True)
class Question:
    """What the buyer is asked about the findings of a class."""

    row_class: RowClass
    text: str
    findings: int
    at_stake: Amounts


@dataclass(frozen=True)
class Facts:
    """What a pack is of, and what it adds up to.

    `date_from` and `date_to` are the first and the last local day of `zone`; times are naive UTC.
    `bridge` are rows of `reconcile.bridge` of this buyer per currency, `totals` those of
    `exporting/pack_total`. `salt_mark` is there if the ids are hashed.
    """

    pack: str
    buyer: str
    date_from: date
    date_to: date
    zone: str
    run: str
    run_made_at: datetime
    run_sha256: str
    rule_version: str
    made_at: datetime
    parameters: Sequence[tuple[str, str]]
    inputs: Sequence[Input]
    bridge: Sequence[Record]
    totals: Sequence[Record]
    salt_mark: str | None = None
    with_notes: bool = False
    sheet_rows: int = SHEET_ROWS

    @property
    def currencies(self) -> list[str | None]:
        """Return the currencies of the bridge and of its rows, by name."""
        found = {row["currency"] for row in (*self.bridge, *self.totals)}
        return sorted(found, key=lambda code: (code is None, code or ""))

    @property
    def classes(self) -> list[RowClass]:
        """Return the classes that have rows in the pack, in the order in which they are told."""
        found = {row["class"] for row in self.totals}
        asked = {question.row_class for question in self.questions}
        return sorted(
            (one for one in RowClass if one in found), key=lambda one: (one not in asked, one)
        )

    def rows_of(self, row_class: str) -> int:
        """Return how many rows of a class the pack has."""
        return sum(row["lines"] for row in self.totals if row["class"] == row_class)

    def sums_of(self, row_class: str) -> dict[str | None, Decimal]:
        """Return what the rows of a class add to the bridge, per currency."""
        sums: defaultdict[str | None, Decimal] = defaultdict(Decimal)
        for row in self.totals:
            if row["class"] == row_class:
                sums[row["currency"]] += row["difference"] or Decimal(0)
        return dict(sums)

    @property
    def events(self) -> Line:
        """Return what the platform recorded."""
        return Line("Our events", self._bucket("events"))

    @property
    def claims(self) -> Line:
        """Return what the buyer acknowledges."""
        return Line("Your claims", self._bucket("claims"))

    @property
    def difference(self) -> Line:
        """Return by how much the claims exceed the events."""
        events, claims = self.events.amounts, self.claims.amounts
        none = Decimal(0)
        return Line(
            "Difference",
            {code: claims.get(code, none) - events.get(code, none) for code in self.currencies},
        )

    @property
    def buckets(self) -> list[Line]:
        """Return the lines of the bridge between events and claims, by class and reason.

        A class with rows that add nothing has its line, too, so that every row is counted.
        """
        counts: defaultdict[str, int] = defaultdict(int)
        for row in self.totals:
            counts[_bucket_of(row)] += row["lines"]
        names = {row["bucket"] for row in self.bridge} - {"events", "claims"}
        return [
            Line(bucket_label(name), self._bucket(name), counts.get(name), _class_of(name))
            for name in sorted({*names, *counts}, key=_rank)
        ]

    @property
    def questions(self) -> list[Question]:
        """Return what the buyer is asked, the largest amounts first."""
        found: dict[str, list[Record]] = {}
        for row in self.totals:
            if row["asked"] or row["at_stake"] is not None:
                found.setdefault(row["class"], []).append(row)
        made = [
            Question(
                RowClass(name),
                question_of(name, Side.CLAIM) or "",
                sum(row["asked"] for row in rows),
                _sums(rows, "at_stake"),
            )
            for name, rows in found.items()
        ]
        return sorted(made, key=lambda one: (-max(one.at_stake.values()), one.row_class))

    @property
    def decided_against(self) -> int:
        """Return how many findings are not asked about, because somebody decided against it."""
        return sum(row["decided_against"] for row in self.totals)

    @property
    def settled(self) -> int:
        """Return how many findings are not asked about: credited, accepted, or ours to correct."""
        return sum(row["settled"] for row in self.totals)

    def meaning(self, row_class: RowClass) -> str:
        """Return what a class means, in words for the buyer."""
        return MEANING[row_class]

    def _bucket(self, name: str) -> dict[str | None, Decimal]:
        return {row["currency"]: row["amount"] for row in self.bridge if row["bucket"] == name}


def _sums(rows: Sequence[Record], name: str) -> dict[str | None, Decimal]:
    sums: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["currency"]] += row[name] or Decimal(0)
    return dict(sums)


def _bucket_of(row: Record) -> str:
    """Return the bucket of the bridge that a row is in; other periods are told apart by none."""
    reason = None if row["class"] == RowClass.TIMING else row["reason"]
    return row["class"] if reason is None else f"{row['class']}:{reason}"


def _class_of(bucket: str) -> RowClass | None:
    name = bucket.partition(":")[0]
    return RowClass(name) if name in set(RowClass) else None


def _rank(bucket: str) -> tuple[int, str]:
    order = {str(one): number for number, one in enumerate(RowClass)}
    return order.get(bucket.partition(":")[0], len(order)), bucket
