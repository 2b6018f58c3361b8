"""Which decimal mark and unit the amounts of a file have: told by all of them, or asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconcile.importing.fields import fold
from reconcile.importing.questions import Choice, Question

UNITS = {"micros": 1_000_000, "cents": 100, "whole": 1}
"""What amounts may be counted in, and how many are one unit of the currency."""

_MIXED = 20
"""A mark is broken by a few damaged amounts, where it is fewer than one in so many that tell."""

_FEW = 3
"""Fewer amounts than this do not look like micros."""

Row = dict[str, Any]


def unit_named(header: str) -> str | None:
    """Return the unit that a header names: `cost_micros`, `Amount (cents)`."""
    folded = fold(header)
    if folded.endswith(("micros", "microamount")) or folded.startswith("micros"):
        return "micros"
    return "cents" if folded.endswith(("cents", "minorunits")) else None


def decimal_mark(rows: Mapping[str, Row]) -> str | Question | None:
    """Return the decimal mark that the amounts prove, None if either makes the same of them.

    Args:
        rows: Header to what `decimal_mark` tells of its column.
    """
    point = sum(row["point"] for row in rows.values())
    comma = sum(row["comma"] for row in rows.values())
    differ = sum(row["differ"] for row in rows.values())
    if point > 0 and comma * _MIXED <= point:
        return "."
    if comma > 0 and point * _MIXED <= comma:
        return ","
    if not point and not comma and not differ:
        return None
    return _ask_mark(rows)


def _ask_mark(rows: Mapping[str, Row]) -> Question:
    header, row = next(
        (item for item in rows.items() if item[1]["differ"]), next(iter(rows.items()))
    )
    if row["either"] is not None:
        text = (
            f"{row['either']!r} in {header!r} (line {row['either_line']}) can be a thousand or a "
            "fraction, and the other amounts do not settle it. Which is the decimal mark?"
        )
    else:
        text = f"The amounts in {header!r} are written with both decimal marks. Which is right?"
    told = [line for name, row in rows.items() for line in _marks_of(name, row)]
    choices = (Choice(".", "1,234.50"), Choice(",", "1.234,50"))
    return Question("decimal", text, choices, tuple(told))


def _marks_of(header: str, row: Row) -> list[str]:
    return [
        f"{header!r}: {row[name]} amounts have a decimal {name}, such as {row[f'only_{name}']!r} "
        f"(line {row[f'only_{name}_line']})"
        for name in ("point", "comma")
        if row[name]
    ]


def ask_unit(field: str, header: str, row: Row) -> Question | None:
    """Ask whether whole amounts that end in four zeros are micros."""
    if row["whole"] < _FEW or row["ten_thousands"] < row["whole"] or row["smallest"] < 100_000:
        return None
    if row["point"] or row["comma"] or row["differ"]:
        return None
    return Question(
        key=f"units.{field}",
        text=f"All amounts in {header!r} are whole and end in four zeros. Are they micros, a "
        "million of which is one?",
        choices=(Choice("micros", "1500000 is 1.50"), Choice("whole", "1500000 is 1,500,000")),
        evidence=(f"the smallest is {row['smallest']:f}",),
    )


def merged(one: Row | None, other: Row) -> Row:
    """Return what two parts of a column tell together; the first examples stay."""
    if one is None:
        return other
    together = dict(one)
    for name, value in other.items():
        old = one[name]
        if old is None or value is None:
            together[name] = value if old is None else old
        elif name == "smallest":
            together[name] = min(old, value)
        elif isinstance(value, int) and not name.endswith("_line"):
            together[name] = old + value
    return together


def broken_mark(row: Row) -> Question:
    """Return the question of a file of which too many amounts have the other decimal mark."""
    text = (
        f"{row['amounts']} amounts, such as {row['amount_text']!r} (line {row['amount_line']}), "
        "have another decimal mark than the first ones. Which is right? The others are rejected."
    )
    return Question("decimal", text, (Choice(".", "1,234.50"), Choice(",", "1.234,50")))
