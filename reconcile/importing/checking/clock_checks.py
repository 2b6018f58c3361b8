"""Hours that all lie from 1 to 12: a clock of twelve hours may have lost its AM and PM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconcile.engine import Engine
from reconcile.errors import ReconcileError
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.questions import Choice, Question
from reconcile.importing.reading.rereading import lines_again
from reconcile.importing.records import StagedFile
from reconcile.zones import PINGTREE_OFFSETS

FEW = 20
"""Fewer times may well all lie in one half of a day."""

_HOURS = 8
"""Times of fewer different hours, as of a morning, are not suspect."""

_FIRST = 1_000
"""Rows that are looked at before all are."""

_EVERY = 1 << 62

_MARKED = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)


def clock_checks(engine: Engine, staged: StagedFile, path: Path | None) -> Iterator[Check]:
    """Yield a doubt where the times look like those of a clock of twelve hours without AM and PM.

    They do if all hours lie from 1 to 12, on both sides of 12, which is no hour of a night that
    ends at noon. Times that name their zone themselves are left out: nobody has their hour.
    """
    if staged.zone_stated_by == "values" or staged.told.clock == "24":
        return
    fixed = 0 if staged.zone == "UTC" else PINGTREE_OFFSETS.get(staged.zone)
    asked: dict[str, Any] = {
        "zone": staged.zone if fixed is None else None,
        "shift": (fixed or 0) * 3600,
    }
    for limit in (_FIRST, _EVERY):
        [facts] = engine.records("importing/check_hours", limit=limit, **asked)
        if not _is_of_twelve(facts):
            return
    texts = _texts(staged, path, set(facts["lines"]))
    if texts and not any(map(_MARKED.search, texts)):
        yield _doubt(facts["timed"], texts)


def _is_of_twelve(facts: dict[str, Any]) -> bool:
    if facts["timed"] < FEW or facts["first_hour"] < 1 or facts["last_hour"] > 12:
        return False
    return bool(facts["hours"] >= _HOURS and facts["is_around"])


def _texts(staged: StagedFile, path: Path | None, wanted: set[int]) -> list[str]:
    """Return the first times of a file as they are written; none where that cannot be known."""
    header = staged.mapping.get("occurred_at")
    if path is None or not isinstance(header, str):
        return []
    with TemporaryDirectory(prefix="reconcile-") as folder, suppress(ReconcileError):
        lines = lines_again(path, Path(folder), mapping=staged.told, wanted=wanted)
        return [cells[header] for cells in lines.values() if header in cells]
    return []


def _doubt(count: int, texts: list[str]) -> Check:
    shown = ", ".join(map(repr, texts[:3]))
    text = (
        f"The hours of all {count:,} times, such as {shown}, lie from 1 to 12, and none has AM or "
        "PM: a spreadsheet or export may have lost them, so that half of the times are twelve "
        "hours early."
    )
    question = Question(
        "clock",
        f"{text} If so, ask for the file with them, or with hours up to 23.",
        (
            Choice("24", "the hours are right as they are: none lies after 1 PM, or at midnight"),
            Choice("stop", "import nothing of it"),
        ),
    )
    return Check("clock", Level.DOUBT, text, found="12", asks=question)
