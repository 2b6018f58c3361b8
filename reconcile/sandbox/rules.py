"""What the platform accepts: the checks of the three endpoints, without any server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from reconcile.terms import EventSetting, Known

Fields = dict[str, Any]

# Pingtree's documentation, parameter conversion_timezone. The sender has a table of its own:
# the sandbox is its second opinion.
ZONES = {"PST": -8, "EST": -5, "CST": -6, "MST": -7, "AKST": -9, "SST": -11, "HST": -10, "AST": -4}


@dataclass(frozen=True)
class StoredEvent:
    """An event the platform has; `happened_at` is naive UTC."""

    event_id: str
    transaction_id: str
    cid: str
    pid: str = "organic"
    amount: Decimal | None = None
    happened_at: datetime = datetime(2026, 1, 1)  # noqa: DTZ001 - naive UTC, as everywhere inside


@dataclass(frozen=True)
class CostChange:
    """What a request makes of the cost of its lead; `substract` is Pingtree's own spelling."""

    operation: str
    amount: Decimal

    def applied(self, cost: Decimal) -> Decimal:
        """Return what a cost becomes."""
        if self.operation == "override":
            return self.amount
        return cost + (self.amount if self.operation == "add" else -self.amount)


@dataclass(frozen=True)
class Rules:
    """What the platform knows, and how it behaves where the documentation is silent."""

    settings: tuple[EventSetting, ...] = ()
    leads: Mapping[str, str] | None = None
    """Transaction id to campaign; None: every lead is known, but to no campaign."""
    inactive_sources: frozenset[str] = frozenset()
    org_id: str | None = None
    """None: every organisation id is ours."""
    unknown_repeats: bool = True
    """Store an event again whose isDuplicate nobody has stated: so that doubles show."""
    amount_required: bool = False
    """Whether the two endpoints with `amount` demand it for conversion events."""
    amount_name: str = "amount"
    """The name of the amount in the body of the global endpoint, whose page gives two."""
    lead_required: bool = False
    """Whether the endpoints that name their campaign refuse a lead that is not known, too."""
    cost_operation: str = "add"
    """What becomes of a `cost` that comes without an operation."""
    lock_seconds: float = 0.0
    """How long after its start a request keeps others of its lead and event out."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """Currency of a campaign; with any, the export has a column for it."""
    zone: str = "EST"
    """Zone of the export, and of a conversion date that comes without one."""

    @cached_property
    def _by_event(self) -> dict[tuple[str, str], EventSetting]:
        return {(each.campaign_id, each.event_id): each for each in self.settings}

    @cached_property
    def _campaigns(self) -> frozenset[str]:
        """The campaigns somebody has given settings for."""
        return frozenset(each.campaign_id for each in self.settings)

    @cached_property
    def _lead_campaigns(self) -> frozenset[str]:
        return frozenset((self.leads or {}).values())

    def judged(self, path: str, fields: Fields | None) -> tuple[StoredEvent, CostChange | None]:
        """Return what a request asks to be stored, and what it changes of its lead's cost.

        Raises:
            Refusal: The answer is a 4xx, in the documented form.
        """
        if fields is None:
            raise Refusal(400, "Invalid JSON body")
        endpoint, given = _endpoint(path)
        needed = ["event_id", "transaction_id"] + ["cid"] * (endpoint == "trigger")
        missing = [name for name in needed if fields.get(name) in (None, "")]
        if missing:
            raise Refusal(400, "Missing required fields", missingFields=missing)
        invalid = [name for name in needed if not _is_text(fields[name])]
        invalid += _invalid_texts(fields)
        if endpoint != "trigger":
            invalid += _invalid_values(fields)
        if invalid:
            raise Refusal(400, "Invalid fields", invalidFields=invalid)
        cid = self._campaign(endpoint, given, fields)
        event = self._event(endpoint, cid, fields)
        if event.pid in self.inactive_sources:
            raise Refusal(403, "Source is inactive")
        return event, None if endpoint == "trigger" else self._cost(fields)

    def _cost(self, fields: Fields) -> CostChange | None:
        if "cost" not in fields:
            return None
        return CostChange(fields.get("cost_operation", self.cost_operation), fields["cost"])

    def _campaign(self, endpoint: str, given: str, fields: Fields) -> str:
        leads = self.leads
        if endpoint == "global":
            if self.org_id not in (None, given):
                raise Refusal(400, "Invalid organization", invalidFields=["org_id"])
            if leads is None or fields["transaction_id"] not in leads:
                raise Refusal(400, "Lead not found")
            return leads[fields["transaction_id"]]
        cid: str = fields["cid"] if endpoint == "trigger" else given
        if leads is not None and cid not in self._campaigns | self._lead_campaigns:
            raise Refusal(400, "Invalid campaign", invalidFields=["cid"])
        if self.lead_required and fields["transaction_id"] not in (leads or {}):
            raise Refusal(400, "Invalid fields", invalidFields=["transaction_id"])
        return cid

    def _event(self, endpoint: str, cid: str, fields: Fields) -> StoredEvent:
        setting = self._by_event.get((cid, fields["event_id"]))
        if setting is None and cid in self._campaigns:
            raise Refusal(400, "Event is not configured in the campaign's event settings")
        name = {"trigger": "revenue", "global": self.amount_name}.get(endpoint, "amount")
        amount = fields.get(name)
        converts = setting is not None and setting.is_conversion is Known.YES
        if amount is None and converts and (endpoint == "trigger" or self.amount_required):
            raise Refusal(400, "Missing required fields", missingFields=[name])
        if amount is not None and not _is_number(amount):
            raise Refusal(400, "Invalid fields", invalidFields=[name])
        same = (fields["event_id"], fields["transaction_id"], cid, fields.get("pid") or "organic")
        return StoredEvent(*same, amount, self._happened(endpoint, fields))

    def _happened(self, endpoint: str, fields: Fields) -> datetime:
        if endpoint == "trigger" or "conversion_date" not in fields:
            return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        zone = fields.get("conversion_timezone", self.zone)
        if not _is_text(zone) or zone not in ZONES:
            raise Refusal(400, "Invalid fields", invalidFields=["conversion_timezone"])
        for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
            try:
                local = datetime.strptime(fields["conversion_date"], form)  # noqa: DTZ007 - see zone
            except (TypeError, ValueError):
                continue
            return local - timedelta(hours=ZONES[zone])
        raise Refusal(400, "Invalid fields", invalidFields=["conversion_date"])

    def repeats(self, event: StoredEvent) -> bool:
        """Say whether an event is stored again for the same lead (isDuplicate)."""
        setting = self._by_event.get((event.cid, event.event_id))
        said = Known.UNKNOWN if setting is None else setting.allows_duplicates
        return self.unknown_repeats if said is Known.UNKNOWN else said is Known.YES


class Refusal(Exception):
    """An answer that is no success; not an error of ours."""

    def __init__(self, status: int, message: str, **fields: list[str]) -> None:
        super().__init__(message)
        self.status, self.message, self.fields = status, message, fields


def _endpoint(path: str) -> tuple[str, str]:
    """Return which of the three endpoints a path is, and the id in it."""
    parts = [unquote(part) for part in path.removeprefix("/api/event/").split("/")]
    if parts == ["trigger"]:
        return "trigger", ""
    if len(parts) == 2 and parts[0] == "global":
        return "global", parts[1]
    if len(parts) == 1 and parts[0]:
        return "campaign", parts[0]
    raise Refusal(404, "No such endpoint")


# Of the two endpoints that also update the lead: what must be a number, and what one of a few.
_NUMBERS = ("cost", "adSpend", "min_price")
_CHOICES = {"cost_operation": ("add", "substract", "override"), "tcpa_consent": (0, 1)}
_MOST_DIGITS = 18
_TEXTS = ("pid", "clid", *(f"{name}{n}" for name in ("sub", "adv") for n in range(1, 6)))


def _invalid_texts(fields: Fields) -> list[str]:
    return [name for name in _TEXTS if name in fields and not _is_text(fields[name])]


def _invalid_values(fields: Fields) -> list[str]:
    wrong = [name for name in _NUMBERS if name in fields and not _is_number(fields[name])]
    wrong += [n for n, of in _CHOICES.items() if n in fields and fields[n] not in of]
    if "tcpa_consent_date" in fields:
        try:
            datetime.strptime(fields["tcpa_consent_date"], "%Y-%m-%d")  # noqa: DTZ007 - a day
        except (TypeError, ValueError):
            wrong.append("tcpa_consent_date")
    return wrong


def _is_number(value: object) -> bool:
    """Say whether a value is a number that money could be: 1e999999999 would be a gigabyte."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    return value.adjusted() < _MOST_DIGITS and -int(value.as_tuple().exponent) < _MOST_DIGITS


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
