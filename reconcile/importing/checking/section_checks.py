"""Totals of parts of a file against the rows above them, and rows that are such totals unnamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconcile.engine import Engine
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.checking.total_checks import amount_in, figure, fits
from reconcile.importing.records import StagedFile

MOST_LABELS = 50
"""More ids that look like labels are no totals."""

_SHARE = 2
"""At most one row in so many may be one: the others have ids that look like some."""

Sums = dict[int | None, Decimal]


def section_checks(engine: Engine, staged: StagedFile, *, labels: int) -> Iterator[Check]:
    """Yield whether each total fits rows above it, and rows that look like totals.

    A total may sum up what stands since any total above it, or since the first row.

    Args:
        engine: Where `checked_row` is.
        staged: The file.
        labels: How many of its rows have an amount and an id that looks like a label.
    """
    if staged.told.sum_by is not None or "revenue" not in staged.mapping:
        return
    yield from _totals(engine, staged)
    if 0 < labels <= MOST_LABELS and labels * _SHARE <= staged.rows:
        yield from _unnamed(engine)


def _totals(engine: Engine, staged: StagedFile) -> Iterator[Check]:
    named = [(t.line_no, amount_in(t.texts, staged)) for t in staged.notes.totals]
    known = sorted((line, amount) for line, amount in named if amount is not None)
    if len(known) < 2:
        return
    lines = [line for line, _ in known]
    sums = _sums(engine, lines)
    whole = sum(sums.values(), Decimal(0))
    wrong = [
        (place, line, amount)
        for place, (line, amount) in enumerate(known, start=1)
        if not fits(amount, whole) and not any(fits(amount, own) for own in _above(sums, place))
    ]
    for place, line, amount in wrong[:3]:
        above = sums.get(place, Decimal(0))
        yield Check(
            "section_total",
            Level.DOUBT,
            f"The total on line {line} is {figure(amount)}, but the rows between it and the total "
            f"above add up to {figure(above)}, and no further ones make it fit.",
            expected=figure(amount),
            found=figure(above),
        )


def _unnamed(engine: Engine) -> Iterator[Check]:
    rows = engine.records("importing/check_labels")
    sums = _sums(engine, [row["line_no"] for row in rows])
    for place, row in enumerate(rows, start=1):
        if row["revenue"] and any(fits(row["revenue"], own) for own in _above(sums, place)):
            yield Check(
                "unnamed_total",
                Level.DOUBT,
                f"Line {row['line_no']} was read as a row, but its id {row['transaction_id']!r} "
                f"is unlike the others, and its amount {figure(row['revenue'])} is what rows above "
                "it add up to. If it is a total, take it out of the file.",
                found=str(row["line_no"]),
            )


def _sums(engine: Engine, lines: Sequence[int]) -> Sums:
    """Return what the rows of each section add up to, by the place of the line that ends it."""
    return dict(engine.query("importing/check_sections", lines=list(lines)))


def _above(sums: Sums, place: int) -> Iterator[Decimal]:
    """Yield the sums of the last sections above a line: of one, of two, .."""
    own = Decimal(0)
    for above in range(place, 0, -1):
        own += sums.get(above, Decimal(0))
        yield own
