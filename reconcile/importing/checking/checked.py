"""What a check of a file has shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconcile.importing.questions import Question


class Level(StrEnum):
    """How much a check matters."""

    FINE = "fine"
    NOTE = "note"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Check:
    """What one check has shown: a sentence for people, and what was expected and found."""

    name: str
    level: Level
    text: str
    expected: str | None = None
    found: str | None = None
    offer: Question | None = None
    """What may be stated if that is what the file means; it need not be answered."""
    asks: Question | None = None
    """What must be answered before the file is imported."""
