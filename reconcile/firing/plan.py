"""Findings of a run become a plan: exact bytes, bound to a hash that a person approves."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reconcile.errors import FiringError
from reconcile.firing.ledger import PLACE, Ledger, this_user
from reconcile.firing.policy import (
    Body,
    amount_text,
    body_bytes,
    event_path,
    phrase,
    plan_hash,
    ten_thousandths,
)
from reconcile.firing.settings import Endpoint, FiringSettings
from reconcile.firing.states import Blocked, Mode, PostbackState
from reconcile.state import Row
from reconcile.terms import Known

_INVISIBLE = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
_HEX = frozenset("0123456789abcdefABCDEF-")


@dataclass(frozen=True)
class PostbackNeed:
    """One finding that a postback could close, as a stored run knows it."""

    finding_ref: str
    campaign_id: str | None
    event_id: str | None
    transaction_id: str
    """The lead's raw spelling, which is what Pingtree knows."""
    revenue: Decimal | None
    occurred_at: datetime | None
    """Naive UTC."""
    pid: str | None = None
    clid: str | None = None
    currency: str | None = None
    buyer: str | None = None
    run_id: str | None = None
    claim_file: str | None = None
    claim_line: int | None = None
    claim_key: str = ""
    """Names the claim by content and occurrence; read only where the event repeats."""
    allows_repeat: Known = Known.UNKNOWN
    is_conversion: Known = Known.UNKNOWN
    seen_before: int = 0
    """Events of this lead and event that the exports showed when it was planned."""
    blocked: Blocked | None = None
    """A reason known to the caller for not firing it."""
    blocked_detail: str = ""
    """What the caller has to say of it; else what the reason means."""

    @property
    def mode(self) -> Mode:
        """Only where Multi-Trigger is known to be off may bytes be sent again."""
        return Mode.DEDUPE if self.allows_repeat is Known.NO else Mode.ONCE


@dataclass(frozen=True)
class Postback:
    """One postback of a plan: the exact bytes and what became of them."""

    number: int
    finding_ref: str
    campaign_id: str
    event_id: str
    transaction_id: str
    pid: str | None
    buyer: str | None
    revenue: Decimal | None
    currency: str | None
    path: str
    body: bytes
    mode: Mode
    state: PostbackState
    reason: str | None
    tries: int


@dataclass(frozen=True)
class BlockedRow:
    """A finding that a plan does not fire."""

    finding_ref: str
    transaction_id: str | None
    reason: Blocked
    detail: str
    claim_file: str | None
    claim_line: int | None


@dataclass(frozen=True)
class Plan:
    """An immutable plan; `phrase` is what a person types to approve exactly this one."""

    id: int
    hash: str
    host: str
    rows: int
    sums: Mapping[str, Decimal]
    phrase: str
    made_at: str
    made_by: str
    approved_at: str | None
    approved_by: str | None
    note: str | None
    """Why the plan was made although the newest event export was too old."""
    postbacks: tuple[Postback, ...]
    blocked: tuple[BlockedRow, ...]

    def expected(self, name: str) -> dict[tuple[str, str], tuple[int, Decimal]]:
        """Return count and revenue by `campaign_id`, `buyer` or `pid`, per currency."""
        found: dict[tuple[str, str], tuple[int, Decimal]] = {}
        for one in self.postbacks:
            place = (getattr(one, name) or "", one.currency or "")
            count, total = found.get(place, (0, Decimal(0)))
            found[place] = (count + 1, total + (one.revenue or 0))
        return dict(sorted(found.items()))


def make_plan(
    ledger: Ledger,
    needs: Iterable[PostbackNeed],
    *,
    host: str,
    settings: FiringSettings | None = None,
    note: str | None = None,
) -> Plan:
    """Write a plan of all needs that may be fired; the others are kept with their reason.

    Nothing is sent. A need that any plan of this ledger has already is blocked as `sent_before`,
    unless that postback was cancelled, rejected or proven absent. `settings` name the endpoint
    of each campaign, `note` says why a limit was set aside.

    Raises:
        NotAllowed: The host is not the sandbox, nor on the list.
        FiringError: A campaign is fired at by the organisation's endpoint, whose id is not set.
    """
    host = ledger.allow(host)
    with ledger.entry("plan") as told:
        draft = _Draft(ledger, host, settings or FiringSettings())
        for need in needs:
            draft.add(need)
        head = draft.head(this_user())
        head["note"] = note
        number = ledger.add_plan(head, draft.intents.values(), draft.blocked)
        told.update(plan=number, hash=head["hash"], rows=head["rows"], host=host)
        told.update({"note": note} if note else {})
    return load_plan(ledger, number)


def load_plan(ledger: Ledger, plan: int) -> Plan:
    """Return a plan with its postbacks as they stand and its blocked rows.

    Raises:
        NotFound: There is no such plan.
    """
    row = ledger.plan_row(plan)
    named = ("id", "hash", "host", "rows", "phrase", "made_at", "made_by", "approved_at", "note")
    return Plan(
        **{name: row[name] for name in named},
        approved_by=row["approved_by"],
        sums={name: Decimal(text) for name, text in json.loads(row["sums"]).items()},
        postbacks=tuple(_postback(found) for found in ledger.query("intent_list", plan=plan)),
        blocked=tuple(_blocked_row(found) for found in ledger.query("blocked_list", plan=plan)),
    )


def approve(ledger: Ledger, plan: int, typed: str, *, user: str | None = None) -> Plan:
    """Approve a plan by its typed phrase. What is fired after this cannot be withdrawn.

    A postback that the platform takes may trigger a payout and postbacks to buyers.

    Raises:
        FiringError: The phrase is not the plan's, the plan holds nothing to fire, it was
            approved or cancelled before, or it was edited.
        NotFound: There is no such plan.
    """
    row = ledger.plan_row(plan)
    digest = current_hash(ledger, plan)
    if row["rows"] == 0:
        raise FiringError(f"plan {plan} holds nothing to fire: every row of it is blocked.")
    wanted = phrase(*_totals(ledger.query("intent_list", plan=plan)))
    if typed.strip() != wanted or wanted != row["phrase"]:
        raise FiringError(
            f"plan {plan}: the phrase typed is not the phrase of this plan.\n"
            f"Read the plan again; to approve it, type: {wanted}"
        )
    ledger.approve(plan, digest, user=user)
    return load_plan(ledger, plan)


def current_hash(ledger: Ledger, plan: int) -> str:
    """Return the hash of what a plan holds now.

    Raises:
        FiringError: It is not the hash it was made with: the ledger was edited.
    """
    row = ledger.plan_row(plan)
    found = ledger.query("intent_list", plan=plan)
    digest = plan_hash(row["host"], ((each["mode"], each["path"], each["body"]) for each in found))
    if digest != row["hash"] or any(each["host"] != row["host"] for each in found):
        raise FiringError(
            f"{ledger.path}: plan {plan} is not what it was when it was made; it was edited.\n"
            "Nothing was sent. Cancel it and make a new plan."
        )
    return digest


def canonical_id(raw: str) -> str:
    """Return an id without white space and invisible characters, hexadecimal ones in lower case."""
    if raw.isascii() and raw.isprintable() and " " not in raw:
        kept = raw  # as nearly all are
    else:
        kept = "".join(c for c in raw if unicodedata.category(c) not in _INVISIBLE)
    return kept.lower() if set(kept) <= _HEX else kept


class _Draft:
    """A plan being put together."""

    def __init__(self, ledger: Ledger, host: str, settings: FiringSettings) -> None:
        self.ledger = ledger
        self.host = host
        self.settings = settings
        self.intents: dict[tuple[object, ...], dict[str, object]] = {}
        self.blocked: list[dict[str, object]] = []

    def add(self, need: PostbackNeed) -> None:
        reason = need.blocked or _own_reason(need)
        if reason is not None:
            told = need.blocked_detail if need.blocked else ""
            self._block(need, reason, told or reason.meaning)
            return
        intent = _intent(need, self.host, self.settings)
        place = tuple(intent[name] for name in PLACE)
        holder = self.ledger.holder(intent)
        if place in self.intents:
            self._block(need, Blocked.TWICE, Blocked.TWICE.meaning)
        elif holder is not None:
            self._block(
                need, Blocked.SENT_BEFORE, f"Plan {holder['plan']} has it: {holder['state']}."
            )
        else:
            self.intents[place] = intent

    def head(self, user: str) -> dict[str, object]:
        rows = list(self.intents.values())
        count, sums = _totals(rows)
        wire = [(str(row["mode"]), str(row["path"]), _bytes(row["body"])) for row in rows]
        return {
            "hash": plan_hash(self.host, wire),
            "host": self.host,
            "rows": count,
            "sums": json.dumps({name: amount_text(total) for name, total in sums.items()}),
            "phrase": phrase(count, sums),
            "now": self.ledger.now(),
            "user": user,
        }

    def _block(self, need: PostbackNeed, reason: Blocked, detail: str) -> None:
        same = ("finding_ref", "campaign_id", "event_id", "transaction_id", "currency")
        row = {name: getattr(need, name) for name in (*same, "claim_file", "claim_line")}
        money = need.revenue
        e4 = None if money is None or not _is_exact(money) else ten_thousandths(money)
        self.blocked.append({**row, "revenue_e4": e4, "reason": reason, "detail": detail})


def _own_reason(need: PostbackNeed) -> Blocked | None:
    """Return what keeps a need from being fired, as far as it shows on the need itself."""
    checks = (
        (not need.event_id, Blocked.NO_EVENT),
        (not need.campaign_id, Blocked.NO_CAMPAIGN),
        (not canonical_id(need.transaction_id), Blocked.UNKNOWN_LEAD),
        (need.occurred_at is None, Blocked.NO_TIME),
        (need.revenue is None and need.is_conversion is not Known.NO, Blocked.NO_REVENUE),
        (need.revenue is not None and not _is_exact(need.revenue), Blocked.NOT_EXACT),
        (need.revenue is not None and need.revenue < 0, Blocked.NEGATIVE),
        (not need.pid, Blocked.PID_UNKNOWN),
    )
    return next((reason for blocks, reason in checks if blocks), None)


def _is_exact(amount: Decimal) -> bool:
    """Say whether an amount fits DECIMAL(18,4)."""
    try:
        return abs(ten_thousandths(amount)) < 10**18
    except ValueError:
        return False


def is_above(amount: Decimal | None, most: Decimal | None) -> bool:
    """Say whether an amount is above a limit; an unknown one of either is not."""
    return amount is not None and most is not None and amount > most


def _intent(need: PostbackNeed, host: str, settings: FiringSettings) -> dict[str, object]:
    if need.campaign_id is None or need.event_id is None or need.occurred_at is None:
        raise ValueError(f"{need.finding_ref}: blocked rows have no postback")
    body = Body(
        need.event_id, need.transaction_id, need.occurred_at, need.revenue, need.pid, need.clid
    )
    same = ("campaign_id", "event_id", "transaction_id", "pid", "buyer", "currency", "finding_ref")
    return {
        **{name: getattr(need, name) for name in (*same, "claim_file", "claim_line")},
        "host": host,
        **_request(need.campaign_id, body, settings),
        "mode": need.mode,
        "transaction_key": canonical_id(need.transaction_id),
        "repeat_key": need.claim_key if need.allows_repeat is Known.YES else "",
        "revenue_e4": None if need.revenue is None else ten_thousandths(need.revenue),
        "occurred_at": need.occurred_at.isoformat(" "),
        "run": need.run_id,
        "seen_before": need.seen_before,
    }


def _request(campaign_id: str, body: Body, settings: FiringSettings) -> dict[str, object]:
    """Return path and body as the endpoint of a campaign takes them."""
    zone = settings.zone
    if settings.endpoint.get(campaign_id) is not Endpoint.GLOBAL:
        return {"path": event_path(campaign_id), "body": body_bytes(body, zone=zone)}
    if settings.org_id is None:
        raise FiringError(
            f"campaign {campaign_id} is fired at by the organisation's endpoint, and firing.toml "
            'does not say which one that is. Add a line such as org_id = "o1".'
        )
    content = body_bytes(body, zone=zone, amount_name=settings.amount_name)
    return {"path": event_path(campaign_id, org_id=settings.org_id), "body": content}


def _totals(rows: Iterable[Mapping[str, object] | Row]) -> tuple[int, dict[str, Decimal]]:
    count, sums = 0, dict[str, int]()
    for row in rows:
        count += 1
        e4, currency = row["revenue_e4"], str(row["currency"] or "")
        if isinstance(e4, int):
            sums[currency] = sums.get(currency, 0) + e4
    return count, {name: _money(total) for name, total in sums.items()}


def _money(e4: int) -> Decimal:
    return Decimal(e4).scaleb(-4)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _postback(row: Row) -> Postback:
    same = ("finding_ref", "campaign_id", "event_id", "transaction_id", "pid", "buyer")
    return Postback(
        number=row["id"],
        **{name: row[name] for name in (*same, "currency", "path", "body", "reason", "tries")},
        revenue=None if row["revenue_e4"] is None else _money(row["revenue_e4"]),
        mode=Mode(row["mode"]),
        state=PostbackState(row["state"]),
    )


def _blocked_row(row: Row) -> BlockedRow:
    same = ("finding_ref", "transaction_id", "detail", "claim_file", "claim_line")
    return BlockedRow(**{name: row[name] for name in same}, reason=Blocked(row["reason"]))
