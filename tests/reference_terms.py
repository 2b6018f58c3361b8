"""What the plain-Python reference of the matching rules reads and says: worlds, rows, verdicts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

INSTANT = timedelta(microseconds=1)
ZERO = Decimal(0)
HEX = frozenset("0123456789abcdefABCDEF-")
EXPONENT = re.compile(r"-?(?P<digits>\d([.,]\d+)?)[eE]\+(?P<power>\d{2,3})", re.ASCII)
PLACEHOLDERS = frozenset({"", "0", "null", "none", "nan", "n/a", "na", "-", "test"})
SOLD = frozenset({"sold", "converted"})
DENIALS = frozenset({"rejected", "returned", "duplicate", "test"})

_WORDS = {
    "approved": "approved, valid conversion, valid, sale, sold, converted, accepted, confirmed,"
    " locked, closed, paid, paidtopublisher",
    "pending": "pending, hold, on hold, open, lead, new, extended",
    "rejected": "rejected, declined, invalid, trash, failed, not_allowed, fraud",
    "returned": "returned, reversed, refunded, cancelled",
    "duplicate": "duplicate, double, leads_duplicated",
    "test": "test",
}
STATUS_WORDS = {raw.strip(): ours for ours, raws in _WORDS.items() for raw in raws.split(",")}

Kind = Literal["lead", "event", "claim"]
Span = tuple[datetime, datetime]
Cover = tuple[tuple[str | None, datetime, datetime], ...]  # (name or None for all, from, to)
Place = tuple[str, int]
Key = tuple[str, str]  # canonical id, event
Group = tuple[str | None, str | None, str | None, date | None]  # currency, buyer, campaign, day
Line = tuple[str | None, str | None, str | None, date | None, str]  # group and bucket


class UnknownStatusError(ValueError):
    """A claim's status is not in the table: a question only a person can answer."""


# ---------------------------------------------------------------------------------------- the world
@dataclass(frozen=True)
class LeadRow:
    """One row of a lead export; `occurred_at` is its `created_at`, naive UTC."""

    file: str
    line: int
    transaction_id: str | None
    campaign_id: str | None = None
    buyer: str | None = None
    occurred_at: datetime | None = None
    status: str | None = None
    revenue: Decimal | None = None
    currency: str | None = None
    pid: str | None = None
    external_clickid: str | None = None
    clid: str | None = None


@dataclass(frozen=True)
class EventRow:
    """One row of an event export."""

    file: str
    line: int
    transaction_id: str | None
    event_id: str | None = None
    occurred_at: datetime | None = None
    revenue: Decimal | None = None
    buyer: str | None = None
    campaign_id: str | None = None
    currency: str | None = None
    external_clickid: str | None = None
    pid: str | None = None
    clid: str | None = None


@dataclass(frozen=True)
class ClaimRow:
    """One row of a buyer report."""

    file: str
    line: int
    transaction_id: str | None
    event_id: str | None = None
    occurred_at: datetime | None = None
    revenue: Decimal | None = None
    buyer: str | None = None
    campaign_id: str | None = None
    currency: str | None = None
    status: str | None = None
    external_clickid: str | None = None
    clid: str | None = None


@dataclass(frozen=True)
class Setting:
    """One event of one campaign; the two answers are yes, no or unknown."""

    campaign: str
    event: str
    is_conversion: str = "unknown"
    allows_duplicates: str = "unknown"


@dataclass(frozen=True)
class SourceFile:
    """A file of the run: `period` is "run" (what compare takes), a stated span, or None."""

    name: str
    kind: Kind
    has_amount: bool = True
    period: Span | Literal["run"] | None = "run"


@dataclass(frozen=True)
class Params:
    """The parameters of a run; `status` is added to the table of known words.

    `alias` has dimension, spelling and known name.
    """

    date_from: date
    date_to: date
    zone: str = "UTC"
    buyers: tuple[str, ...] | None = None
    campaigns: tuple[str, ...] | None = None
    margin_days: int = 31
    tolerance: Decimal = ZERO
    tolerance_rel: Decimal = ZERO
    grace_days: int = 0
    watermark: datetime | None = None
    status: tuple[tuple[str, str], ...] = ()
    status_event: tuple[tuple[str, str], ...] = ()
    default_event: str | None = None
    pending_counts: bool = False
    lookback_days: int = 31
    placeholder_limit: int = 100
    currency: str | None = None
    alias: tuple[tuple[str, str, str], ...] = ()
    lead_cover: Cover | None = None
    event_cover: Cover | None = None
    claim_cover: Cover | None = None


@dataclass(frozen=True)
class Accepted:
    """A pair that a person has accepted, by what its two rows say; keys are canonical spellings."""

    decision: str
    place: int
    event_id: str
    claim_key: str | None
    claim_at: datetime | None
    claim_e4: int | None
    event_key: str | None
    event_at: datetime | None
    event_e4: int | None


@dataclass(frozen=True)
class World:
    """Everything one run reads. Without claim files the sold leads are the claims."""

    params: Params
    files: tuple[SourceFile, ...]
    leads: tuple[LeadRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    settings: tuple[Setting, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @property
    def has_claim_files(self) -> bool:
        return any(f.kind == "claim" for f in self.files)


# ------------------------------------------------------------------------------------- the verdicts
@dataclass(frozen=True)
class Verdict:
    """What became of one row in scope.

    `bridge` is the row's part of its bucket: a pair's difference stands at the claim and the event
    has 0, but for unequal currencies and `timing` each side stands for itself.
    """

    side: str
    file: str
    line: int
    row_class: str
    reason: str | None
    flags: tuple[str, ...]
    rule: str | None
    partner: Place | None
    currency: str | None
    bridge: Decimal
    group: Group
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True)
class NotReconciled:
    """One row that was read and is not in scope."""

    side: str
    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class Verdicts:
    """All verdicts of a run, and its bridge (zero lines dropped)."""

    rows: tuple[Verdict, ...]
    left_out: tuple[NotReconciled, ...]
    bridge: dict[Line, Decimal]


# -------------------------------------------------------------------------------------- one row
@dataclass(eq=False)
class Row:
    """An event or a claim with everything the rules say about it."""

    side: str
    file: str
    line: int
    raw_id: str | None
    own_campaign: str | None
    buyer: str | None  # own, else its lead's
    campaign: str | None  # own, else its lead's
    event: str | None
    time: datetime | None
    day: date | None
    span: Span | None  # its time as an instant, else its file's stated period
    amount: Decimal | None
    currency: str | None
    raw_status: str | None
    status: str | None  # the mapped word
    external: str | None
    clid: str | None
    has_amount: bool
    id: str | None  # canonical; None when it identifies nothing
    set_campaign: str | None = None  # for scope and settings
    conversion: bool = True
    denied: bool = False
    waiting: bool = False  # pending, and pending does not count
    where: str = "outside"  # "period", "margin" or "outside" of the window
    dropped: str | None = None  # why it is not in the run
    partner: Row | None = None
    rule: str | None = None
    candidates: list[Row] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return (self.file, self.line)

    @property
    def externals(self) -> set[str]:
        """Its own external ids; a placeholder is none."""
        return {x for x in (self.external, self.clid) if canonical(x) is not None} - {None}  # type: ignore[arg-type]

    @property
    def key(self) -> Key | None:
        return None if self.id is None or self.event is None else (self.id, self.event)

    @property
    def negative(self) -> bool:
        return self.amount is not None and self.amount < 0

    @property
    def money(self) -> Decimal:
        """An event's revenue, a claim's effective revenue; unpriced counts as 0."""
        return ZERO if self.amount is None or self.denied or self.waiting else self.amount

    @property
    def content(self) -> tuple[object, ...]:
        fields = (
            *(self.time, self.amount, self.raw_id, self.raw_status, self.currency),
            *(self.own_campaign, self.campaign, self.buyer, self.external, self.clid),
        )
        return tuple(nulls_first(value) for value in fields)


def nulls_first(value: object) -> tuple[object, ...]:
    return (0,) if value is None else (1, value)


def text(value: str | None) -> str | None:
    """Trimmed; blank is nothing."""
    return (value or "").strip() or None


def canonical(raw: str | None) -> str | None:
    """Canonical id; None for a placeholder, and for a number in its short form."""
    kept = spelled(raw)
    if kept.lower() in PLACEHOLDERS or EXPONENT.fullmatch(kept):
        return None
    return compared(raw)


def compared(raw: str | None) -> str | None:
    """An id as it is compared, a placeholder too; None where the cell is blank."""
    kept = spelled(raw)
    return (kept.lower() if set(kept) <= HEX else kept) or None


def spelled(raw: str | None) -> str:
    """What is left of an id without blanks and invisible characters."""
    return "".join(c for c in raw or "" if not is_invisible(c))


def is_invisible(char: str) -> bool:
    category = unicodedata.category(char)
    return category.startswith("Z") or category in ("Cc", "Cf")


def loose(canonical_id: str | None) -> str | None:
    kept = (c for c in (canonical_id or "").lower() if unicodedata.category(c)[0] in "LN")
    return "".join(kept).lstrip("0") or None


def difference(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else abs(a - b)


def time_apart(a: datetime | None, b: datetime | None) -> timedelta | None:
    return None if a is None or b is None else abs(a - b)


def agreed(values: Iterable[str | None]) -> str | None:
    """The one value that all agree on, blanks aside."""
    known = {v for v in values if v is not None}
    return known.pop() if len(known) == 1 else None


def inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def covers(cover: Cover, name: str | None, span: Span) -> bool:
    """Whether the entries for this name or for all names, taken together, hold the whole span.

    Reading: an unknown name is covered only by entries for all names.
    """
    reached = span[0]
    for entry, start, end in sorted(cover, key=lambda c: c[1]):
        if start <= reached and (entry is None or entry == name):
            reached = max(reached, end)
    return reached >= span[1]


def is_earlier(other: Row, row: Row) -> bool:
    """By content; file and line only choose between rows that are interchangeable."""
    return (other.content, other.place) < (row.content, row.place)
