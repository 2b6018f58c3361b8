"""Hand-written cases for the matching questions, many of them judged in one run.

A case is a few rows and what becomes of each, events first. Its ids get its number as a suffix, so
that the cases of a table do not meet; what is shared (settings, parameters) stands at the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest

from tests.matching_worlds import QuickEngine, reconcile_by_sql
from tests.reference import LeadRow, Verdict, Verdicts
from tests.reference_rows import NAMES, said, world

Rows = Sequence[Any]


@dataclass(frozen=True, eq=False)
class Table:
    """Cases under the same parameters: sentence, rows, and a word for each event and claim.

    The word is `class`, `class:reason` or, of a row left out, `-`; flags follow in brackets, but
    for those in `silent`.
    """

    name: str
    cases: dict[str, tuple[Rows, list[str]]]
    settings: Sequence[str] = ()
    params: dict[str, Any] = field(default_factory=dict)
    silent: frozenset[str] = frozenset({"lead_unverified"})

    def judge(self) -> dict[str, list[Verdict | None]]:
        """Return for each case the verdicts of its events, then its claims; None is left out."""
        found = self.verdicts()
        by_place = {(v.side, v.line): v for v in found.rows}
        last = {"event": 1, "claim": 1}
        answers: dict[str, list[Verdict | None]] = {}
        for sentence, (rows, _) in self.cases.items():
            answers[sentence] = []
            for row in sorted(rows, key=lambda row: NAMES["event"] != row.file):
                if not isinstance(row, LeadRow):
                    side = "event" if row.file == NAMES["event"] else "claim"
                    last[side] += 1
                    answers[sentence].append(by_place.get((side, last[side])))
        return answers

    def verdicts(self) -> Verdicts:
        """Judge all cases at once."""
        rows = [
            row
            for number, (case, _) in enumerate(self.cases.values())
            for row in renamed(case, f"{number:03d}")
        ]
        together = world(*rows, settings=self.settings, **self.params)
        return reconcile_by_sql(_engine(), together)[0]

    def words(self, sentence: str) -> list[str]:
        """Return what the rows of a case became; the whole table is judged once."""
        return [self.word(verdict) for verdict in _judged(self)[sentence]]

    def word(self, verdict: Verdict | None) -> str:
        """Return what a case says of a row."""
        if verdict is None:
            return "-"
        flags = [flag for flag in verdict.flags if flag not in self.silent]
        return said(verdict) + (f" [{','.join(flags)}]" if flags else "")


@cache
def _engine() -> QuickEngine:
    return QuickEngine()


@cache
def _judged(table: Table) -> dict[str, list[Verdict | None]]:
    return table.judge()


def sentences(tables: Iterable[Table]) -> list[Any]:
    """Return one parameter set (table, sentence) for each case, named by both."""
    return [
        pytest.param(table, sentence, id=f"{table.name}: {sentence}")
        for table in tables
        for sentence in table.cases
    ]


def renamed(rows: Iterable[Any], suffix: str) -> list[Any]:
    """Return rows whose ids end in the suffix; blanks stay outside, placeholders as they are."""
    names = ("transaction_id", "external_clickid", "clid")
    return [
        replace(row, **{name: _renamed(getattr(row, name), suffix) for name in names})
        for row in rows
    ]


def _renamed(raw: str | None, suffix: str) -> str | None:
    if raw is None or not raw.strip() or raw.strip().lower() in ("0", "-", "null", "test"):
        return raw
    end = len(raw.rstrip())
    return raw[:end] + suffix + raw[end:]
