"""What a person has set about firing: the target, what is allowed, how fast, and how much at most.

`firing.toml` of the home folder, and for its plain values the environment, which wins:
RECONCILE_FIRING_RATE is `rate`. Without both, the sandbox is the only target there is.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from reconcile.errors import BadSettings
from reconcile.firing.policy import AMOUNT_NAMES
from reconcile.zones import PINGTREE_OFFSETS

FILE = "firing.toml"
SANDBOX = "http://127.0.0.1:8900"
_PREFIX = "RECONCILE_FIRING_"


class Endpoint(StrEnum):
    """Which of Pingtree's addresses takes the postbacks of a campaign."""

    CAMPAIGN = "campaign"
    GLOBAL = "global"
    TRIGGER = "trigger"
    """It carries no date: what it stores is dated when it was sent, not when it happened."""


@dataclass(frozen=True)
class Caps:
    """How much may be fired at most; None is no limit."""

    plan_count: int | None = None
    plan_revenue: Decimal | None = None
    day_count: int | None = None
    day_revenue: Decimal | None = None
    campaign_count: int | None = None
    campaign_revenue: Decimal | None = None
    p99_times: Decimal | None = Decimal(10)
    """A single revenue is at most this many times the 99th percentile of its campaign's events."""


@dataclass(frozen=True)
class FiringSettings:
    """What a person has set; the defaults are those of a first day."""

    host: str = SANDBOX
    """The target of plans."""
    allow: tuple[str, ...] = ()
    """Hosts that may be fired at, as `api.pingtree.com`; the sandbox always may."""
    rate: Decimal = Decimal(10)
    """Postbacks a second."""
    lanes_dedupe: int = 4
    lanes_once: int = 2
    lock_wait: Decimal = Decimal(5)
    """Seconds to wait for the platform's lock, doubled each time."""
    canary: int = 3
    """How many are sent first, to look at the answers; 0 for none."""
    second_user: bool = False
    """Whether who plans may not approve."""
    oldest_days: int = 365
    """Conversions older than this are not planned."""
    export_hours: int = 24
    """The newest event export may be this old when a plan is made."""
    inactive: tuple[str, ...] = ()
    """Sources that are known to be inactive."""
    org_id: str | None = None
    """The organisation, for the endpoint of all campaigns."""
    amount_name: str = "amount"
    """The name of the amount at that endpoint, whose documentation gives two."""
    zone: str = "EST"
    """Zone code that the date of a postback is written in."""
    endpoint: Mapping[str, Endpoint] = field(default_factory=dict)
    """By campaign; of all others `campaign`."""
    caps: Caps = field(default_factory=Caps)


def load_settings(home: Path, environ: Mapping[str, str] | None = None) -> FiringSettings:
    """Return the settings of a home folder.

    Raises:
        BadSettings: The file or a variable cannot be meant; says which line or name, and the cure.
    """
    path = home / FILE
    try:
        values = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        values = {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{path}: cannot be read as TOML ({error}). Mend it.") from error
    found = _typed(values, FiringSettings, str(path))
    for name, text in sorted((os.environ if environ is None else environ).items()):
        if name.startswith(_PREFIX):
            key = name.removeprefix(_PREFIX).lower()
            found |= _typed({key: _said(key, text)}, FiringSettings, f"environment {name}")
    return FiringSettings(**found)


def _said(name: str, text: str) -> object:
    """Return what a variable's text stands for, as TOML would say it."""
    if name in ("allow", "inactive"):
        return [part.strip() for part in text.split(",") if part.strip()]
    if name in ("host", "org_id", "amount_name", "zone"):
        return text
    if name in ("endpoint", "caps"):
        return None
    try:
        return tomllib.loads(f"x = {text}", parse_float=Decimal)["x"]
    except tomllib.TOMLDecodeError:
        return text


def _typed(values: Mapping[str, Any], kind: type, where: str) -> dict[str, Any]:
    known = {one.name for one in fields(kind)}
    found = {}
    for name, value in values.items():
        if name not in known:
            raise BadSettings(
                f"{where}: {name!r} is no setting of firing. There are: {', '.join(sorted(known))}."
            )
        try:
            found[name] = _READ[name](value)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise BadSettings(f"{where}: {name} = {value!r} cannot be meant; {error}.") from error
    return found


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write a text in quotes")
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("write a list of texts")
    return tuple(_text(one) for one in value)


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("write true or false")
    return value


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"write a whole number from {low} to {high:,}")
        return value

    return read


def _number(low: str, high: str) -> Callable[[object], Decimal]:
    def read(value: object) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        is_good = number.is_finite() and not isinstance(value, bool)
        if not is_good or not Decimal(low) <= number <= Decimal(high):
            raise ValueError(f"write a number from {low} to {high}")
        return number

    return read


def _zone(value: object) -> str:
    if value not in PINGTREE_OFFSETS:
        raise ValueError(f"write one of {', '.join(PINGTREE_OFFSETS)}")
    return str(value)


def _amount_name(value: object) -> str:
    if value not in AMOUNT_NAMES:
        raise ValueError(f"write one of {', '.join(AMOUNT_NAMES)}")
    return str(value)


def _endpoints(value: object) -> dict[str, Endpoint]:
    if not isinstance(value, dict) or not set(value.values()) <= set(Endpoint):
        raise ValueError(f"write a table: the campaign's id = one of {', '.join(Endpoint)}")
    return {campaign: Endpoint(name) for campaign, name in value.items()}


def _caps(value: object) -> Caps:
    if not isinstance(value, dict):
        raise ValueError("write a table [caps]")
    return Caps(**_typed(value, Caps, "[caps]"))


_MONEY = _number("0.01", "99999999999999")
_COUNT = _whole(1, 10**9)
_READ: dict[str, Callable[[object], Any]] = {
    **dict.fromkeys(("host", "org_id"), _text),
    "amount_name": _amount_name,
    **dict.fromkeys(("allow", "inactive"), _texts),
    "rate": _number("0.01", "10000"),
    "lanes_dedupe": _whole(1, 32),
    "lanes_once": _whole(1, 32),
    "lock_wait": _number("0.01", "900"),
    "canary": _whole(0, 1000),
    "second_user": _yes,
    "oldest_days": _whole(1, 36500),
    "export_hours": _whole(1, 8760),
    "zone": _zone,
    "endpoint": _endpoints,
    "caps": _caps,
    **dict.fromkeys(("plan_count", "day_count", "campaign_count"), _COUNT),
    **dict.fromkeys(("plan_revenue", "day_revenue", "campaign_revenue"), _MONEY),
    "p99_times": _number("1", "1000000"),
}
