"""Time zones by name: IANA names, and Pingtree's fixed-offset codes.

Pingtree's codes know no daylight saving (docs.pingtree.com, event postback): PST is always UTC-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from reconcile.errors import UnknownZone

PINGTREE_OFFSETS = {
    "PST": -8,
    "EST": -5,
    "CST": -6,
    "MST": -7,
    "AKST": -9,
    "SST": -11,
    "HST": -10,
    "AST": -4,
}
"""Hours from UTC of the zone codes that Pingtree knows; there is none for UTC itself."""


def zone_of(name: str) -> tzinfo:
    """Return the zone of a name: a Pingtree code first, then an IANA name.

    Raises:
        UnknownZone: The name is neither.
    """
    if name in PINGTREE_OFFSETS:
        return timezone(timedelta(hours=PINGTREE_OFFSETS[name]), name)
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = get_close_matches(name, available_timezones(), n=3)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise UnknownZone(
            f"Unknown time zone {name!r}.{hint} Use an IANA name such as America/Los_Angeles, "
            f"or one of Pingtree's fixed codes: {', '.join(PINGTREE_OFFSETS)}."
        ) from error


def utc_of(local: datetime, zone: tzinfo) -> datetime:
    """Return the naive UTC time of a naive local one.

    Of a doubled hour it is the second; a missing hour moves forward by what the clock skipped.
    """
    later = local.replace(tzinfo=zone, fold=1)
    if _is_missing(local, zone):
        later = local.replace(tzinfo=zone, fold=0)
    return later.astimezone(UTC).replace(tzinfo=None)


def _is_missing(local: datetime, zone: tzinfo) -> bool:
    there = local.replace(tzinfo=zone).astimezone(UTC)
    return there.astimezone(zone).replace(tzinfo=None) != local


def midnight_utc(day: date, zone: tzinfo) -> datetime:
    """Return the naive UTC time at which a local day begins."""
    local = datetime.combine(day, time())
    if _is_missing(local, zone):
        return utc_of(local, zone)
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(tzinfo=None)


FIRST_YEAR, LAST_YEAR = 1990, 2050
"""Years in whose changes of clocks local times are checked."""


@cache
def skipped_hours(name: str) -> tuple[list[date], list[int]]:
    """Return the local days on which the clocks of a zone go forward, and the hours they skip."""
    days, hours = set[date](), set[int]()
    for _, start, before, after in changes(name):
        local = start + before
        skipped = after - before
        while skipped > timedelta(0):
            days.add(local.date())
            hours.add(local.hour)
            local, skipped = local + timedelta(minutes=30), skipped - timedelta(minutes=30)
    return sorted(days), sorted(hours)


@cache
def changes(name: str) -> list[tuple[date, datetime, timedelta, timedelta]]:
    """Return the changes of clocks of a zone as (UTC day, change, offset before, offset after)."""
    zone = zone_of(name)
    firsts = [date(y, m, 1) for y in range(FIRST_YEAR, LAST_YEAR) for m in range(1, 13)]
    found = []
    for first, following in pairwise(firsts):
        begin, end = (datetime.combine(day, time()) for day in (first, following))
        if _offset(begin, zone) != _offset(end, zone):
            change = _change(begin, end, zone)
            before, after = _offset(change - timedelta(seconds=1), zone), _offset(change, zone)
            found.append((change.date(), change, before, after))
    return found


def day_offsets(
    first: date, last: date, zone: tzinfo
) -> Iterator[tuple[date, datetime, timedelta, timedelta]]:
    """Yield (UTC day, change, offset before it, offset from it on) for each UTC day.

    Offsets are to be added to UTC. A day without a change of clocks has its change at its end.
    """
    day = first
    while day <= last:
        start = datetime.combine(day, time())
        end = start + timedelta(days=1)
        before, after = _offset(start, zone), _offset(end - timedelta(microseconds=1), zone)
        yield day, (_change(start, end, zone) if before != after else end), before, after
        day += timedelta(days=1)


def _offset(utc: datetime, zone: tzinfo) -> timedelta:
    there = utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=UTC)
    return there - utc.replace(tzinfo=UTC)


def _change(start: datetime, end: datetime, zone: tzinfo) -> datetime:
    """Find the second at which the clocks change, by halving the day."""
    old = _offset(start, zone)
    while end - start > timedelta(seconds=1):
        middle = start + (end - start) // 2
        middle = middle.replace(microsecond=0)
        if middle <= start:
            middle = start + timedelta(seconds=1)
        if _offset(middle, zone) == old:
            start = middle
        else:
            end = middle
    return end
