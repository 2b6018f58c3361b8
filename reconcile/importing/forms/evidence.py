"""What matched events of the platform say of a file's zone and date order.

Pure functions over pairs of times. Measured on real data (importing.md, section 4): twenty matched
rows tell a date order in 99.9 % of draws, ten the offset of a zone. What they say is a suggestion
with its figures, never an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from reconcile.importing.questions import Choice
from reconcile.zones import PINGTREE_OFFSETS, utc_of, zone_of

ENOUGH = 20
"""Fewer matched rows suggest nothing."""

SOON = timedelta(hours=1)

_WINDOW = timedelta(days=31)
"""A conversion later than this after its event is none of it."""

_SLACK = timedelta(hours=14)
"""As long as no zone is known, a time may seem to lie so much before its event."""

_MARGIN = 0.1
"""By so much a zone must fit better than any other one that reads the times otherwise."""

ZONES = (
    *("UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York"),
    *PINGTREE_OFFSETS,
    *("Europe/London", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney"),
)

Pair = tuple[datetime, datetime]
"""Time of the platform's event (naive UTC), and local time of the row that matches it."""


class KnownTimes(Protocol):
    """Where the times of the platform's events can be looked up."""

    def of(self, ids: Sequence[str]) -> dict[str, datetime]:
        """Return the time (naive UTC) of each id that has exactly one event."""


@dataclass(frozen=True)
class ZoneFit:
    """How well the times of matched rows fit one zone."""

    zone: str
    soon: float
    """Share of the rows that lie within an hour after their event."""
    before: float
    """Share that lies before it, which cannot be."""

    @property
    def score(self) -> float:
        """Return what zones are compared by."""
        return self.soon - 3 * self.before


@dataclass(frozen=True)
class Said:
    """What evidence comes to."""

    lines: tuple[str, ...]
    suggestion: str | None = None
    choices: tuple[Choice, ...] = ()


def zone_fits(pairs: Sequence[Pair], zones: Iterable[str] = ZONES) -> list[ZoneFit]:
    """Return how the pairs fit each zone, the best first; of equal ones in the order given."""
    fits = [
        _fit(zone, [utc_of(local, zone_of(zone)) for _, local in pairs], pairs) for zone in zones
    ]
    return sorted(fits, key=lambda fit: -fit.score)


def _fit(zone: str, times: Sequence[datetime], pairs: Sequence[Pair]) -> ZoneFit:
    lags = [moment - event for moment, (event, _) in zip(times, pairs, strict=True)]
    soon = sum(timedelta(0) <= lag <= SOON for lag in lags)
    before = sum(lag < timedelta(0) for lag in lags)
    return ZoneFit(zone, soon / len(lags), before / len(lags))


def zone_said(pairs: Sequence[Pair]) -> Said:
    """Return what matched events say of the zone, with winter and summer apart.

    Nothing is suggested below twenty pairs, for days without a clock, and where two zones that
    read a time otherwise fit alike: in winter alone, PST and America/Los_Angeles are one.
    """
    matched = f"{len(pairs)} rows match an event of the platform"
    if len(pairs) < ENOUGH:
        return Said((f"{matched}: too few to tell the zone",))
    if all(local.time() == time() for _, local in pairs):
        return Said((f"{matched}, but their days have no clock, which could tell the zone",))
    fits = zone_fits(pairs)
    best = fits[0]
    rivals = [fit for fit in fits[1:] if best.score - fit.score < _MARGIN]
    lines = [f"{matched}; {_share(best)}"]
    lines += [_share(fit) for fit in fits[1:] if fit.zone in ("UTC", "PST") or fit in rivals][:4]
    lines += _seasons(pairs, best.zone)
    is_clear = not rivals and best.soon >= 0.5
    if rivals:
        lines.append("too close to tell: " + ", ".join(fit.zone for fit in (best, *rivals)[:5]))
    return Said(tuple(lines), best.zone if is_clear else None, (Choice(best.zone, _share(best)),))


def _share(fit: ZoneFit) -> str:
    return (
        f"under {fit.zone} {fit.soon:.0%} of them lie within 1 h after their event, "
        f"{fit.before:.0%} before it"
    )


def _seasons(pairs: Sequence[Pair], zone: str) -> list[str]:
    """Return how the zone fits the two halves of the year, if both hold enough."""
    halves = {
        "winter": [p for p in pairs if p[0].month in (11, 12, 1, 2)],
        "summer": [p for p in pairs if 4 <= p[0].month <= 9],
    }
    if any(len(half) < ENOUGH for half in halves.values()):
        return ["winter and summer do not both hold enough rows to tell a zone from its fixed code"]
    return [
        f"in {half} ({len(own)} rows) {_share(zone_fits(own, [zone])[0])}"
        for half, own in halves.items()
    ]


def order_said(rows: Sequence[tuple[datetime, dict[str, datetime]]]) -> Said:
    """Return what matched events say of the order of dates.

    Args:
        rows: The event's time, and by order (dmy, mdy, ymd) the time that the row then has.
    """
    matched = f"{len(rows)} rows match an event of the platform"
    if len(rows) < ENOUGH:
        return Said((f"{matched}: too few to tell the order",))
    orders = sorted({order for _, times in rows for order in times})
    lags = {
        order: [times[order] - event for event, times in rows if order in times] for order in orders
    }
    odd = {
        order: sum(not -_SLACK <= lag <= _WINDOW for lag in found) + len(rows) - len(found)
        for order, found in lags.items()
    }
    middle = {order: _median(found) for order, found in lags.items()}
    best = min(orders, key=lambda order: (odd[order], middle[order]))
    lines = tuple(
        f"{matched}; by {order} {odd[order]} of them lie before it or more than "
        f"{_WINDOW.days} days after it, the median apart by {_days(middle[order])}"
        for order in orders
    )
    others = [order for order in orders if order != best]
    is_clear = all((odd[best], middle[best]) < (odd[other], middle[other]) for other in others)
    return Said(lines, best if is_clear and odd[best] * 2 < len(rows) else None)


def _median(lags: Sequence[timedelta]) -> timedelta:
    ordered = sorted(abs(lag) for lag in lags)
    return ordered[len(ordered) // 2]


def _days(lag: timedelta) -> str:
    return f"{lag / timedelta(days=1):.1f} days"
