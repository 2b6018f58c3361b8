"""The rows of a file against what the file says of itself: period, zone, buyer, end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from reconcile.engine import Engine
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.locating.part_titles import PERIOD, Part
from reconcile.importing.records import StagedFile
from reconcile.zones import midnight_utc, zone_of

HALF_A_DAY = timedelta(hours=14)
"""Local days that titles name lie so far from those of UTC at most."""

Period = tuple[datetime, datetime]


def period_of_titles(staged: StagedFile) -> Period | None:
    """Return the period that the titles name, in UTC, where nobody has stated one.

    Times that name their zone say nothing of that of the titles: then it is half a day wider.
    """
    if staged.notes.period is None or staged.period_from is not None:
        return None
    return _in_utc(staged, staged.notes.period)


def stated_checks(staged: StagedFile) -> Iterator[Check]:
    """Hold the rows against what is stated above and below them."""
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
    if staged.notes.hidden:
        by = "by a filter" if staged.notes.is_filtered else "in the sheet"
        yield Check(
            "hidden_rows",
            Level.DOUBT,
            f"{len(staged.notes.hidden):,} row(s) are hidden {by}, the first on line "
            f"{staged.notes.hidden[0]}. They are read like all others.",
            expected="0",
            found=str(len(staged.notes.hidden)),
        )
    if staged.notes.remarks:
        yield Check("sheet", Level.NOTE, " ".join(staged.notes.remarks))
    if staged.notes.number_ids:
        yield Check(
            "number_ids",
            Level.DOUBT,
            f"{len(staged.notes.number_ids):,} id(s), the first on line "
            f"{staged.notes.number_ids[0]}, are kept as numbers, and of .{staged.encoding} nobody "
            "can tell how they are shown: zeros in front of them would be lost. Look at the sheet, "
            "or save it as .xlsx.",
            found=str(len(staged.notes.number_ids)),
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


def part_checks(engine: Engine, staged: StagedFile) -> Iterator[Check]:
    """Hold the rows of each part against the period that its title names, where titles do."""
    parts = [Part(*title) for title in staged.notes.part_titles]
    named = [(part, period) for part in parts if (period := part.period) is not None]
    if staged.told.part_titles != PERIOD or not named:
        return
    spans = [_in_utc(staged, period) for _, period in named]
    asked = {
        "lines": [part.line_no for part, _ in named],
        "starts": [first for first, _ in spans],
        "ends": [last for _, last in spans],
    }
    for row in engine.records("importing/check_parts", **asked):
        title = next(part.text for part in parts if part.line_no == row["first_line"])
        yield Check(
            "part_period",
            Level.DOUBT,
            f"{row['row_count']:,} row(s) below the title {title!r} (line {row['first_line']}) lie "
            f"outside its period, the first on line {row['line_no']}.",
            expected="0",
            found=str(row["row_count"]),
        )


def _in_utc(staged: StagedFile, period: tuple[date, date]) -> Period:
    """Return a period of titles in UTC, half a day wider where times name their zone themselves."""
    first, last = (midnight_utc(day, zone_of(staged.zone)) for day in period)
    wider = HALF_A_DAY if staged.zone_stated_by == "values" else timedelta()
    return first - wider, last + wider


def _fold(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
