"""The words for total, by which a line that sums up others is told from a row."""

from __future__ import annotations

import re

WORDS = (
    "totals?|sums?|summe|gesamt|gesamtsumme|gesamtbetrag|endsumme|zwischensumme|insgesamt|totale|"
    "totaal|suma|somme|total général|total general|soma|итого|всего|合計|总计"
)
BEFORE = "(?:(?:grand|sub|report|overall|page|running|final|net|gross)[ -]?)?"
"""What may stand before them; both are parts of patterns that ignore case.

The macro `total_pattern` holds the same, letter by letter.
"""

_TOTAL = re.compile(rf"\W*{BEFORE}(?:{WORDS})\s*[:=]?\s*", re.IGNORECASE)
_ENDS = re.compile(rf".*\s(?:{WORDS})\s*[:=]?\s*", re.IGNORECASE | re.DOTALL)
_TOTAL_OF = re.compile(rf"\W*{BEFORE}(?:{WORDS})(?:[\s:(=].*)?", re.IGNORECASE | re.DOTALL)


def is_total(cell: str) -> bool:
    """Say whether a cell is a word for total."""
    return bool(_TOTAL.fullmatch(cell))


def begins_as_total(cell: str) -> bool:
    """Say whether a cell is a word for total with something behind it, as in `Total (40 rows)`."""
    return bool(_TOTAL_OF.fullmatch(cell))


def ends_as_total(cell: str) -> bool:
    """Say whether a cell is a word for total with something before it, as in `October total`."""
    return bool(_ENDS.fullmatch(cell))
