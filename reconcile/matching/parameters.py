"""The parameters of a run: one frozen record, read from a TOML file or from options."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.errors import BadParameters
from reconcile.terms import ClaimStatus
from reconcile.zones import midnight_utc, utc_of, zone_of

RULE_VERSION = "2"
"""Raised whenever a rule changes what a verdict would be."""

SOLD_WORDS = ("sold", "converted")
"""Words by which a lead export marks a lead as sold."""


ALIASED = ("buyer", "campaign", "event")
"""What may be spelled in several ways."""

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
_CENTURY = 36_525

_DECIMALS = 9

# Beyond these a value is a slip of the hand, and would leave the range of a time or an amount.
_MOST = {
    "margin_days": _CENTURY,
    "tolerance": 10**12,
    "tolerance_rel": 10**6,
    "grace_days": _CENTURY,
    "lookback_days": _CENTURY,
    "placeholder_limit": 2**31 - 1,
}


@dataclass(frozen=True)
class Cover:
    """A stretch of time, half open and in UTC, that an export covers for one name, or for all."""

    name: str | None
    start: datetime
    end: datetime


@dataclass(frozen=True)
class RunParameters:
    """All that a run's verdicts depend on besides the rows.

    `date_from` and `date_to` are local days of `zone`, half open. Amounts are in the currency of
    the row. `alias` maps a dimension (buyer, campaign, event) to spelling to known name. Covers are
    None where the inputs say what they cover themselves.
    """

    date_from: date
    date_to: date
    zone: str
    buyers: tuple[str, ...] | None = None
    campaigns: tuple[str, ...] | None = None
    margin_days: int = 31
    tolerance: Decimal = Decimal(0)
    tolerance_rel: Decimal = Decimal(0)
    grace_days: int = 0
    watermark: datetime | None = None
    status: Mapping[str, ClaimStatus] = field(default_factory=dict)
    status_event: Mapping[str, str] = field(default_factory=dict)
    default_event: str | None = None
    pending_counts: bool = False
    lookback_days: int = 31
    placeholder_limit: int = 100
    currency: str | None = None
    alias: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lead_cover: tuple[Cover, ...] | None = None
    event_cover: tuple[Cover, ...] | None = None
    claim_cover: tuple[Cover, ...] | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without rows.

        Raises:
            BadParameters: An empty period, or a number below zero.
            UnknownZone: `zone` is no zone.
        """
        zone_of(self.zone)
        for name in ("date_from", "date_to"):
            if not _FIRST_DAY <= getattr(self, name) <= _LAST_DAY:
                raise BadParameters(
                    f"{name} is {getattr(self, name)}; it must lie between {_FIRST_DAY} and "
                    f"{_LAST_DAY}."
                )
        if self.date_from >= self.date_to:
            raise BadParameters(
                f"The period is empty: it begins on {self.date_from} and ends before "
                f"{self.date_to}. --to is the first day after the period; swap the two, or move it."
            )
        for name, most in _MOST.items():
            if not 0 <= getattr(self, name) <= most:
                raise BadParameters(
                    f"{name} is {getattr(self, name)}; it must lie between 0 and {most:,}."
                )

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The period in naive UTC, half open."""
        zone = zone_of(self.zone)
        return midnight_utc(self.date_from, zone), midnight_utc(self.date_to, zone)

    def to_json_values(self) -> dict[str, object]:
        """Return the parameters as values that JSON can hold."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    def to_json(self) -> str:
        """Return a canonical text from which `from_json` makes the same parameters."""
        return json.dumps(self.to_json_values(), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> RunParameters:
        """Return the parameters of a text made by `to_json`."""
        return parameters_of(json.loads(text))


def load_parameters(path: Path, **overrides: object) -> RunParameters:
    """Read parameters from a TOML file; options given beside it win.

    Of `[status]` and `[status_event]` they win word by word.

    The names are those of `RunParameters`; `[status]`, `[status_event]` and `[alias.buyer]` (also
    `alias.campaign`, `alias.event`) are tables, and covers
    arrays of tables with an optional `campaign` or `buyer`, and `from` and `to`, half open.

    Raises:
        BadParameters: The file is no TOML, or a name or value is not known.
        UnknownZone: The zone is unknown.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadParameters(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadParameters(
            f"{path}: is not TOML: {error}. Write one parameter a line, such as tolerance = 0.01."
        ) from error
    for name, value in overrides.items():
        if isinstance(value, Mapping) and isinstance(given.get(name), Mapping):
            given[name] = {**given[name], **value}
        elif value is not None:
            given[name] = value
    return parameters_of(given, str(path))


def parameters_of(given: Mapping[str, object], where: str = "parameters") -> RunParameters:
    """Return the parameters of plain values, each checked.

    Raises:
        BadParameters: A name is unknown, missing or has a value that cannot be meant.
        UnknownZone: The zone is unknown.
    """
    known = [item.name for item in fields(RunParameters)]
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise BadParameters(
            f"{where}: no parameter is called {', '.join(unknown)}. There are: {', '.join(known)}."
        )
    missing = [name for name in ("date_from", "date_to", "zone") if given.get(name) is None]
    if missing:
        raise BadParameters(
            f"{where}: {', '.join(missing)} missing. Give --from, --to and --zone, "
            "for example --from 2026-11-01 --to 2026-12-01 --zone America/Los_Angeles."
        )
    zone = str(given["zone"])
    values: dict[str, Any] = {}
    try:
        zone_of(zone)
        for name, value in given.items():
            if value is not None:
                values[name] = _read(name, value, zone)
        return RunParameters(**values)
    except BadParameters as error:
        raise type(error)(f"{where}: {error}") from error


def _read(name: str, value: object, zone: str) -> object:
    try:
        if name in ("lead_cover", "event_cover", "claim_cover"):
            return _covers(value, zone)
        return _READERS[name](value) if name in _READERS else _watermark(value, zone)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        shown = _plain(value) if isinstance(value, date) else value
        raise BadParameters(f"{name} = {shown!r} cannot be used. {_HINTS[name]}") from error


def _day(value: object) -> date:
    if isinstance(value, datetime):
        raise TypeError("a day has no time")
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _amount(value: object) -> Decimal:
    amount = Decimal(str(value))
    if not amount.is_finite() or -int(amount.as_tuple().exponent) > _DECIMALS:
        raise ValueError("not a number, or finer than the engine can multiply exactly")
    return amount


def _whole(value: object) -> int:
    if isinstance(value, bool) or int(str(value)) != float(str(value)):
        raise ValueError("not a whole number")
    return int(str(value))


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _text(value: object) -> str | None:
    return str(value).strip() or None


def _code(value: object) -> str | None:
    return str(value).strip().upper() or None


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError("not a list")
    return tuple(str(name).strip() for name in value)


def _statuses(value: object) -> dict[str, ClaimStatus]:
    return {word: ClaimStatus(meaning) for word, meaning in _words(value).items()}


def _words(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError("not a table")
    words: dict[str, str] = {}
    for raw, given in value.items():
        word, meaning = str(raw).strip().lower(), str(given).strip()
        if not meaning or words.setdefault(word, meaning) != meaning:
            raise ValueError("a word without a meaning, or with two")
    return words


def _aliases(value: object) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping) or set(value) - set(ALIASED):
        raise TypeError("not a table of the dimensions")
    aliases: dict[str, dict[str, str]] = {}
    for dimension, words in value.items():
        known = {str(spelling).strip(): str(name).strip() for spelling, name in words.items()}
        known = {spelling: name for spelling, name in known.items() if spelling != name}
        if not all(known.values()) or known.keys() & set(known.values()):
            raise ValueError("a name that is blank, or an alias itself")
        aliases[str(dimension)] = known
    return aliases


def _watermark(value: object, zone: str) -> datetime:
    """Return a naive UTC time; a time without an offset is local, a day is its midnight."""
    if isinstance(value, str):
        text = value.strip()
        value = datetime.fromisoformat(text) if len(text) > len("2026-11-01") else _day(text)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return utc_of(value, zone_of(zone))
        return value.astimezone(zone_of("UTC")).replace(tzinfo=None)
    if isinstance(value, date):
        return midnight_utc(value, zone_of(zone))
    raise TypeError("neither a day nor a time")


def _covers(value: object, zone: str) -> tuple[Cover, ...]:
    if isinstance(value, Mapping | str) or not isinstance(value, Iterable):
        raise TypeError("not an array of tables")
    return tuple(_cover(entry, zone) for entry in value)


def _cover(entry: Mapping[str, object], zone: str) -> Cover:
    if set(entry) - {"campaign", "buyer", "from", "to"}:
        raise KeyError("unknown name in a cover")
    if "campaign" in entry and "buyer" in entry:
        raise KeyError("a cover is of a campaign or of a buyer")
    name = entry.get("campaign", entry.get("buyer"))
    start, end = (_watermark(entry[key], zone) for key in ("from", "to"))
    if start >= end:
        raise ValueError("a cover that ends before it begins")
    return Cover(None if name is None else str(name), start, end)


_READERS: dict[str, Callable[[object], object]] = {
    "date_from": _day,
    "date_to": _day,
    "zone": str,
    "buyers": _names,
    "campaigns": _names,
    "margin_days": _whole,
    "tolerance": _amount,
    "tolerance_rel": _amount,
    "grace_days": _whole,
    "status": _statuses,
    "status_event": _words,
    "default_event": _text,
    "pending_counts": _truth,
    "lookback_days": _whole,
    "placeholder_limit": _whole,
    "currency": _code,
    "alias": _aliases,
}

_HINTS = {
    "date_from": "Write a day as 2026-11-01.",
    "date_to": "Write a day as 2026-12-01; it is the first day after the period.",
    "tolerance": "Write an amount such as 0.01, of at most nine decimals.",
    "tolerance_rel": "Write a share such as 0.005 for half a percent, of at most nine decimals.",
    "status": f"Each word stands for one of {', '.join(ClaimStatus)}.",
    "status_event": 'Write a table of words, such as [status_event] funded = "sale".',
    "watermark": "Write a time such as 2026-12-03T00:00:00Z.",
    "pending_counts": "Write true or false.",
    "zone": "Write a name such as America/Los_Angeles.",
    "default_event": "Write the event's name.",
    "alias": 'Write a table such as [alias.buyer] "ACME Inc" = "acme"; buyer, campaign or event. '
    "What a spelling stands for must be no alias itself.",
    "currency": "Write a code such as USD.",
}
_HINTS |= dict.fromkeys(("buyers", "campaigns"), 'Write a list of names, such as ["acme"].')
_HINTS |= dict.fromkeys(
    ("margin_days", "grace_days", "lookback_days", "placeholder_limit"), "Write a whole number."
)
_HINTS |= dict.fromkeys(
    ("lead_cover", "event_cover", "claim_cover"),
    "Write an array of tables with an optional campaign or buyer, and from and to, half open.",
)


def _plain(value: object) -> object:
    """Return a value that JSON can hold and `parameters_of` reads back."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Cover):
        named = {} if value.name is None else {"campaign": value.name}
        return named | {"from": _plain(value.start), "to": _plain(value.end)}
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    if isinstance(value, Mapping):
        return {
            str(key): _plain(item) if isinstance(item, Mapping) else str(item)
            for key, item in value.items()
        }
    if isinstance(value, date | Decimal):
        return str(value)
    return value
