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


def zone_text(at: datetime, code: str) -> str:
    """Return a naive UTC time as `YYYY-MM-DD HH:MM:SS` of a zone code; parts of a second go."""
    local = at.replace(microsecond=0) + timedelta(hours=ZONE_HOURS[code])
    return local.isoformat(sep=" ")
