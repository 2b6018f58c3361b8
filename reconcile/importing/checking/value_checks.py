"""What the values of all rows show: damaged ids, kinds of negative amounts, repeated hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from reconcile.engine import Engine
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.records import StagedFile
from reconcile.terms import Kind
from reconcile.zones import PINGTREE_OFFSETS, changes

_USUAL = 0.8
"""Share of the ids that have the usual length, where shorter ones are suspect."""

_FEW = 10
"""Fewer ids have no usual length."""

_LOST = 3
"""Zeros that an id may have lost."""

Row = dict[str, Any]


def value_checks(
    engine: Engine, staged: StagedFile, ids: list[Row], *, negative: int
) -> Iterator[Check]:
    """Yield what the values of the rows in `checked_row` show."""
    if staged.said:
        yield Check("times", Level.NOTE, "; ".join(staged.said) + ".")
    yield from _lost_zeros([row for row in ids if row["length"] is not None])
    yield from _month_names(ids)
    if negative and staged.kind is Kind.CLAIM:
        yield _negatives(engine.records("importing/check_negative"))
    yield from _repeated_hours(engine, staged)


def _lost_zeros(rows: list[Row]) -> Iterator[Check]:
    """Doubt ids that are shorter than the usual ones, of which none begins with a zero."""
    total = sum(row["row_count"] for row in rows)
    if total < _FEW:
        return
    usual = rows[0]
    short = [row for row in rows if 0 < usual["length"] - row["length"] <= _LOST]
    is_usual = usual["row_count"] >= _USUAL * total and usual["length"] > _LOST
    # Numbers that are given one after the other grow by a digit: 9999, 10000.
    is_counted = {b for row in short for b in row["beginnings"]} == {"9"}
    if not short or not is_usual or usual["zeros"] or is_counted:
        return
    count = sum(row["row_count"] for row in short)
    yield Check(
        "leading_zeros",
        Level.DOUBT,
        f"{count:,} id(s) are shorter than the {usual['length']} digits of the others, such as "
        f"{short[0]['example']!r} (line {short[0]['line_no']}), and none begins with a zero: a "
        "spreadsheet has probably taken their leading zeros. Ask for the ids as text.",
        expected=str(usual["length"]),
        found=str(short[0]["length"]),
    )


def _month_names(rows: list[Row]) -> Iterator[Check]:
    months = sum(row["months"] for row in rows)
    if months:
        row = next(row for row in rows if row["months"])
        yield Check(
            "month_names",
            Level.DOUBT,
            f"{months:,} id(s) are the name of a month with a number, such as {row['month']!r} "
            f"(line {row['month_line']}): a spreadsheet has made dates of codes such as 3-4.",
            found=row["month"],
        )


def _negatives(rows: list[Row]) -> Check:
    told = ", ".join(f"{row['row_count']:,} {row['kind']} ({row['revenue']:f})" for row in rows)
    is_clear = all(row["kind"] != "unexplained" for row in rows)
    return Check(
        "negative_kinds",
        Level.NOTE,
        f"Negative amounts by their status and reason: {told}."
        + ("" if is_clear else " Those unexplained count as clawbacks, too."),
    )


def _repeated_hours(engine: Engine, staged: StagedFile) -> Iterator[Check]:
    """Tell of times that the clocks show twice; they are read as the second."""
    is_fixed = staged.zone == "UTC" or staged.zone in PINGTREE_OFFSETS
    if is_fixed or staged.first_at is None or staged.last_at is None:
        return
    hours = [
        {"begin": change, "stop": change + (before - after)}
        for _, change, before, after in changes(staged.zone)
        if after < before and staged.first_at - timedelta(days=1) < change <= staged.last_at
    ]
    if not hours:
        return
    [row] = engine.records("importing/check_repeated_hour", hours=hours)
    if row["row_count"]:
        yield Check(
            "repeated_hour",
            Level.NOTE,
            f"{row['row_count']:,} time(s) lie in an hour that the clocks of {staged.zone} show "
            f"twice, the first on line {row['line_no']}. They are read as the second.",
        )
