"""Periods by name: `last-month`, `this-month`, `2026-11`, `2026-11-01..2026-11-15`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from reconcile.errors import BadParameters
from reconcile.zones import zone_of

_WRITTEN = (
    "Write last-month, this-month, a month such as 2026-11, or days such as "
    "2026-11-01..2026-11-15, of which both ends belong to it."
)


def period_of(text: str, zone: str, *, now: datetime | None = None) -> tuple[date, date]:
    """Return the days of a period of a zone, half open: the first, and the first one after it.

    Args:
        text: The period as a person writes it; of `FROM..TO` both ends belong to it.
        zone: Whose days they are: it decides which month is the last one.
        now: The present time (naive UTC); by default that of the clock.

    Raises:
        BadParameters: It cannot be meant.
        UnknownZone: The zone is unknown.
    """
    moment = (now or datetime.now(UTC)).replace(tzinfo=UTC)
    today = moment.astimezone(zone_of(zone)).date()
    if text == "this-month":
        return _month(today)
    if text == "last-month":
        return _month(today.replace(day=1) - timedelta(days=1))
    try:
        first, dots, last = text.partition("..")
        if not dots:
            return _month(date.fromisoformat(f"{text}-01"))
        days = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadParameters(f"--period {text!r} cannot be meant. {_WRITTEN}") from error
    if days[0] >= days[1]:
        raise BadParameters(f"--period {text!r} ends before it begins. {_WRITTEN}")
    return days


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)
