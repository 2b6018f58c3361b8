"""What the values of a column look like, whatever its header says.

A sample decides nothing: it shows a label that cannot be right, and what else could be meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from reconcile.importing.totals import begins_as_total, is_total
from reconcile.terms import Kind

ROWS = 500
"""Rows of a file that are looked at."""

_MOST = 0.9
"""Share of the values that a look needs."""


STATUS = frozenset(
    {
        *("approved", "accepted", "confirmed", "sold", "pending", "hold", "on hold", "duplicate"),
        *("rejected", "declined", "invalid", "returned", "refunded", "reversed", "cancelled"),
    }
)
"""Words that only a status has."""


class Look(StrEnum):
    """What most values of a column look like; the value is the word for it."""

    DATES = "dates"
    AMOUNTS = "amounts"
    NUMBERS = "long whole numbers"
    ADDRESSES = "mail addresses"
    CODES = "codes"
    COUNTS = "whole numbers"
    WORDS = "words"
    NOTHING = "no values"
    MIXED = "values of several kinds"


_NULLS = frozenset({"", "-", "--", "∅", "n/a", "na", "null", "none", "#n/a"})

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_FORMS: tuple[tuple[Look, re.Pattern[str]], ...] = (
    (
        Look.DATES,
        re.compile(
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T].*)?"
            r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)(?:[ ,].*)?"
            rf"|\d{{1,2}}[- ]{_MONTH}[- ,]+\d{{2,4}}.*|{_MONTH} \d{{1,2}},? \d{{4}}.*",
            re.IGNORECASE,
        ),
    ),
    (
        Look.AMOUNTS,
        re.compile(
            r"[(+-]?\s*[$€£¥]\s*-?\d[\d.,' \u00a0\u202f]*\)?-?"
            r"|[(+-]?\d{1,3}(?:[,' .\u00a0\u202f]?\d{3})*[.,]\d{1,4}\)?-?\s*(?:[$€£¥%]|[A-Z]{3})?"
        ),
    ),
    (Look.ADDRESSES, re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    (Look.NUMBERS, re.compile(r"\d{8,}")),
    (Look.COUNTS, re.compile(r"[+-]?\d{1,7}")),
    (Look.CODES, re.compile(r"(?=.*\d)[\w{}:.#|/-]+|[0-9A-Fa-f]{8,}(?:-[0-9A-Fa-f]+)*")),
    (Look.WORDS, re.compile(r".+", re.DOTALL)),
)

# Seconds since 1970 of the years 2001 to 2033, and the headers under which they are such.
_SECONDS = re.compile(r"1\d{9}")
_COUNTED_TIME = re.compile(r"unix|epoch|time_?stamp", re.IGNORECASE)

_NOT: dict[str, frozenset[Look]] = {
    "transaction_id": frozenset({Look.DATES, Look.AMOUNTS, Look.ADDRESSES}),
    "external_clickid": frozenset({Look.DATES, Look.AMOUNTS, Look.ADDRESSES}),
    "campaign_id": frozenset({Look.DATES, Look.AMOUNTS, Look.ADDRESSES}),
    "event_id": frozenset({Look.DATES, Look.AMOUNTS, Look.ADDRESSES}),
    "buyer": frozenset({Look.DATES, Look.AMOUNTS}),
    "status": frozenset({Look.DATES, Look.AMOUNTS, Look.ADDRESSES}),
    "currency": frozenset({Look.DATES, Look.ADDRESSES, Look.NUMBERS}),
    "revenue": frozenset({Look.DATES, Look.ADDRESSES, Look.NUMBERS, Look.CODES}),
    "occurred_at": frozenset({Look.AMOUNTS, Look.ADDRESSES, Look.CODES}),
}
"""Looks that a field cannot have."""

_LIKELY: dict[str, frozenset[Look]] = {
    "transaction_id": frozenset({Look.CODES, Look.NUMBERS, Look.COUNTS}),
    "occurred_at": frozenset({Look.DATES}),
    "revenue": frozenset({Look.AMOUNTS}),
}
"""Looks that speak for a field."""

_MICROS = re.compile(r"\d+0000")
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")


@dataclass(frozen=True)
class Content:
    """The filled values of a column, of some rows."""

    values: tuple[str, ...]

    @cached_property
    def look(self) -> Look:
        """Return what nearly all values look like."""
        if not self.values:
            return Look.NOTHING
        counts = Counter(_look(value) for value in self.values)
        look, count = counts.most_common(1)[0]
        return look if count >= _MOST * len(self.values) else Look.MIXED

    @property
    def example(self) -> str:
        """Return up to three different values, as they are shown."""
        shown = list(dict.fromkeys(self.values))[:3]
        return ", ".join(repr(value[:40]) for value in shown)

    def contradicts(self, field: str) -> bool:
        """Say whether a column cannot be this field."""
        if field == "revenue" and all(_MICROS.fullmatch(value) for value in self.values):
            return False  # amounts in millionths of the currency are a question of their own
        if field == "occurred_at" and all(_SERIAL.fullmatch(value) for value in self.values):
            return False  # days as a spreadsheet counts them
        return self.look in _NOT.get(field, ())

    def fits(self, field: str, header: str) -> bool:
        """Say whether a column of this header could well be this field.

        A number of ten digits is a time only under a header that says so; else it may be an id.
        """
        is_counted = field == "occurred_at" and bool(_COUNTED_TIME.search(header))
        if is_counted and self.values and all(map(_SECONDS.fullmatch, self.values)):
            return True
        if field == "status":
            words = [value.lower() for value in self.values]
            return bool(words) and sum(w in STATUS for w in words) * 3 >= len(words)
        if self.look not in _LIKELY.get(field, ()):
            return False
        is_id = field == "transaction_id"
        return not is_id or len(set(self.values)) * 2 > len(self.values)


def contents(rows: Iterable[Sequence[str]], width: int) -> list[Content]:
    """Return the content of each column; rows of another width, and totals, show nothing."""
    columns: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        first = next((cell.strip() for cell in row if cell.strip()), "")
        if len(row) == width and not any(map(is_total, row)) and not begins_as_total(first):
            for column, cell in zip(columns, row, strict=True):
                text = cell.strip()
                if text.lower() not in _NULLS:
                    column.append(text)
    return [Content(tuple(column)) for column in columns]


def spoken(field: str, kind: Kind) -> str:
    """Return a field as the user writes it: the time of a lead is its `created_at`."""
    return "created_at" if (field, kind) == ("occurred_at", Kind.LEAD) else field


def _look(value: str) -> Look:
    return next(look for look, form in _FORMS if form.fullmatch(value))
