"""What the lines above and below a table say of it: period, buyer, zone, number of rows."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january jan januar", "february feb februar", "march mar märz", "april apr"),
            *("may mai", "june jun juni", "july jul juli", "august aug"),
            *("september sep sept", "october oct oktober okt", "november nov"),
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<{}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"

_DAY = re.compile(
    r"\b(?:(?P<y1>20\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>20\d\d)"
    rf"|{_MONTH.format('n3')}\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>20\d\d)"
    rf"|(?P<d4>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+{_MONTH.format('n4')},?\s+(?P<y4>20\d\d)"
    r"|(?P<a5>\d{1,2})/(?P<b5>\d{1,2})/(?P<y5>20\d\d))(?!\d)",
    re.IGNORECASE,
)
_WHOLE_MONTH = re.compile(
    rf"(?<![\d.]\s)\b{_MONTH.format('n')},?\s+(?P<y>20\d\d)\b|\b(?P<y2>20\d\d)-(?P<m>0\d|1[0-2])(?![-\d])",
    re.IGNORECASE,
)

_MADE = re.compile(
    r"\W*(?:generated|exported|printed|created|downloaded|run|report date|as of|stand)\b",
    re.IGNORECASE,
)

_BOUND = re.compile(r"\W*(?:from|to|start|end|von|bis)\b", re.IGNORECASE)

_COUNTED = (
    "rows?|records?|lines?|leads?|conversions?|events?|entries|results|sales|transactions?|"
    "datensätze|zeilen"
)
_COUNT = re.compile(
    rf"\b(?:(?:number|no\.?|count|total) (?:of )?)?"
    rf"(?:{_COUNTED}|row count|record count|count|anzahl)"
    rf"\s*[:=]\s*(?P<a>\d[\d,]*)\s*\Z|\b(?P<b>\d[\d,]*) (?:{_COUNTED})\b",
    re.IGNORECASE,
)

_BUYER = re.compile(
    r"\W*(?:buyer|advertiser|client|customer|partner|käufer)(?: name)?\s*[:=]\s*(?P<name>\S.*)",
    re.IGNORECASE,
)

_ZONE = re.compile(
    r"\b(?:time ?zone|zeitzone|tz)\s*[:=]\s*(?P<a>[A-Za-z][\w/+:() -]*)"
    r"|\btimes?(?: are)?(?: shown| given)? in (?P<b>[A-Za-z][\w/+]*)",
    re.IGNORECASE,
)


def line_text(cells: Iterable[str]) -> str:
    """Return a line as one text; two cells are a name and its value."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    is_pair = len(filled) == 2 and not filled[0].endswith((":", "="))
    return (": " if is_pair else " ").join(filled)


def period_of(titles: Sequence[str]) -> tuple[date, date] | None:
    """Return the period that titles name, half open; None where they name none, or several.

    `03/04/2026` counts only where the other day of the period tells which part is the month.
    """
    told = [title for title in titles if not _MADE.match(title)]
    periods = {period for title in told if (period := _period_in(title)) is not None}
    if not periods:
        joined = [
            title for title in told if re.match(r"\W*(?:from|to|start|end|von|bis)\b", title, re.I)
        ]
        period = _period_in(" ".join(joined))
        periods = {period} if period else set()
    return periods.pop() if len(periods) == 1 else None


def _period_in(text: str) -> tuple[date, date] | None:
    days = _days_in(text)
    if len(days) == 2 and days[0] <= days[1]:
        return days[0], days[1] + timedelta(days=1)
    if days:
        return None
    months = list(_WHOLE_MONTH.finditer(text))
    if len(months) != 1:
        return None
    [found] = months
    year = int(found["y"] or found["y2"])
    month = _MONTHS[found["n"].lower()] if found["n"] else int(found["m"])
    first = date(year, month, 1)
    return first, first + timedelta(days=monthrange(year, month)[1])


def _days_in(text: str) -> list[date]:
    found = [match.groupdict() for match in _DAY.finditer(text)]
    pairs = [(int(day["a5"]), int(day["b5"])) for day in found if day["a5"]]
    is_day_first = any(first > 12 for first, _ in pairs)
    if pairs and is_day_first == any(second > 12 for _, second in pairs):
        return []
    try:
        return [_day(day, is_day_first=is_day_first) for day in found]
    except ValueError:
        return []


def _day(parts: dict[str, str | None], *, is_day_first: bool) -> date:
    told = {key[0]: text for key, text in parts.items() if text}
    if "a" in told:
        first, second = int(told["a"]), int(told["b"])
        month, day = (second, first) if is_day_first else (first, second)
        return date(int(told["y"]), month, day)
    month = _MONTHS[told["n"].lower()] if "n" in told else int(told["m"])
    return date(int(told["y"]), month, int(told["d"]))


def count_of(notes: Iterable[str]) -> int | None:
    """Return the number of rows that notes name; None where they name none, or several."""
    found = [match["a"] or match["b"] for note in notes if (match := _COUNT.search(note))]
    counts = {int(text.replace(",", "")) for text in found}
    return counts.pop() if len(counts) == 1 else None


def buyer_of(titles: Iterable[str]) -> str | None:
    """Return the buyer that titles name, if it is one."""
    names = {match["name"].strip() for title in titles if (match := _BUYER.fullmatch(title))}
    return names.pop() if len(names) == 1 else None


def zone_of_titles(notes: Iterable[str]) -> str | None:
    """Return the zone that notes name, as it is written, if it is one."""
    found = [match["a"] or match["b"] for note in notes if (match := _ZONE.search(note))]
    zones = {text.strip() for text in found}
    return zones.pop() if len(zones) == 1 else None
