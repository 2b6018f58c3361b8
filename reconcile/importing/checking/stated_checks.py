"""The rows of a file against what the file says of itself: totals, counts, period, zone, end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.reading.tallying import row_lines
from reconcile.importing.records import StagedFile
from reconcile.zones import midnight_utc, zone_of

HALF_A_DAY = timedelta(hours=14)
"""Local days that titles name lie so far from those of UTC at most."""

Facts = Mapping[str, Any]
Period = tuple[datetime, datetime]


def period_of_titles(staged: StagedFile) -> Period | None:
    """Return the period that the titles name, in UTC, where nobody has stated one.

    Times that name their zone say nothing of that of the titles: then it is half a day wider.
    """
    if staged.notes.period is None or staged.period_from is not None:
        return None
    first, last = (midnight_utc(day, zone_of(staged.zone)) for day in staged.notes.period)
    wider = HALF_A_DAY if staged.zone_stated_by == "values" else timedelta()
    return first - wider, last + wider


def stated_checks(facts: Facts, staged: StagedFile) -> Iterator[Check]:
    """Hold the rows against what is stated above and below them."""
    yield from _total(facts, staged)
    yield from _count(staged)
    yield from _titles(staged)
    if staged.notes.repairs:
        first = staged.notes.repairs[0]
        yield Check(
            "repaired",
            Level.DOUBT,
            f"{len(staged.notes.repairs):,} line(s) could be read in one way only and were "
            f"repaired, such as line {first.line_no}: {first.reason}.",
            found=str(len(staged.notes.repairs)),
        )
    if staged.notes.is_open_ended:
        yield Check(
            "open_end",
            Level.NOTE,
            "The last line has no line end, unlike the others: the file may have been cut off.",
        )
    if staged.notes.non_ascii:
        seen = "; ".join(f"line {c.line_no} {c.text!r}" for c in staged.notes.non_ascii[:3])
        yield Check(
            "encoding", Level.NOTE, f"Read as {staged.encoding}. Look whether it is: {seen}."
        )


def _total(facts: Facts, staged: StagedFile) -> Iterator[Check]:
    """Compare the file's own total with the sum of the rows."""
    header = staged.mapping.get("revenue")
    headers = [header] if isinstance(header, str) else header or []
    stated = [staged.notes.control_totals.get(name) for name in headers]
    known = [amount for amount in stated if amount is not None]
    if not known or len(known) < len(stated):
        return
    total, found = sum(known, Decimal(0)), facts["revenue"]
    if total == found:
        yield Check("control_total", Level.FINE, f"The rows add up to the file's total, {total:,}.")
        return
    lost = f"; {staged.rejected:,} line(s) are rejected" if staged.rejected else ""
    yield Check(
        "control_total",
        Level.DOUBT,
        f"The file's total of {', '.join(headers)} is {total:,}, its rows add up to "
        f"{found.normalize():,f}{lost}.",
        expected=str(total),
        found=f"{found.normalize():f}",
    )


def _count(staged: StagedFile) -> Iterator[Check]:
    stated, found = staged.notes.row_count, row_lines(staged.line_classes)
    if stated is None:
        return
    if stated == found:
        yield Check("row_count", Level.FINE, f"The file has the {stated:,} rows that it says.")
        return
    yield Check(
        "row_count",
        Level.DOUBT,
        f"The file says that it has {stated:,} rows; there are {found:,}.",
        expected=str(stated),
        found=str(found),
    )


def _titles(staged: StagedFile) -> Iterator[Check]:
    """Show what the titles name and nobody has stated, or stated otherwise."""
    notes = staged.notes
    if notes.period is not None and staged.period_from is None:
        first, last = notes.period
        yield Check(
            "title_period",
            Level.NOTE,
            f"The titles name the period from {first} to before {last}. The file covers it if you "
            f"state it: --answer period.from={first} --answer period.to={last}",
            found=f"{first} {last}",
        )
    if notes.zone is not None and notes.zone != staged.zone:
        yield Check(
            "title_zone",
            Level.DOUBT,
            f"The titles name the zone {notes.zone}, the times were read in {staged.zone}.",
            expected=notes.zone,
            found=staged.zone,
        )
    if (
        notes.buyer is not None
        and staged.sender is not None
        and _fold(notes.buyer) != _fold(staged.sender)
    ):
        yield Check(
            "title_buyer",
            Level.NOTE,
            f"The titles name the buyer {notes.buyer}, the sender is {staged.sender}.",
            expected=notes.buyer,
            found=staged.sender,
        )


def _fold(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
