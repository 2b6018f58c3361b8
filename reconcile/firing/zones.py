"""Pingtree's zone codes: fixed offsets without daylight saving, and none for UTC."""

from __future__ import annotations

from datetime import datetime, timedelta

# Source: Pingtree's documentation of the event postback, parameter conversion_timezone.
ZONE_HOURS = {
    "PST": -8,
    "EST": -5,
    "CST": -6,
    "MST": -7,
    "AKST": -9,
    "SST": -11,
    "HST": -10,
    "AST": -4,
}

_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


def zone_text(at: datetime, code: str) -> str:
    """Return a naive UTC time as `YYYY-MM-DD HH:MM:SS` of a zone code; parts of a second go."""
    local = at.replace(microsecond=0) + timedelta(hours=ZONE_HOURS[code])
    return local.isoformat(sep=" ")


def zone_time(text: str, code: str) -> datetime:
    """Return the naive UTC time of a conversion date in one of the two documented forms.

    Raises:
        ValueError: The text has neither form, or the code is none of the eight.
    """
    if code not in ZONE_HOURS:
        raise ValueError(f"{code!r} is no Pingtree zone code; there are {', '.join(ZONE_HOURS)}")
    for form in _FORMS:
        try:
            local = datetime.strptime(text, form)
        except ValueError:
            continue
        return local - timedelta(hours=ZONE_HOURS[code])
    raise ValueError(f"{text!r} is not YYYY-MM-DD or YYYY-MM-DD HH:MM:SS")
