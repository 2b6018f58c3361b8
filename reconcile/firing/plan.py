"""Plans: what they hold to the byte, bound to a hash that a person approves."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reconcile.errors import FiringError
from reconcile.firing.ledger import Ledger
from reconcile.firing.policy import amount_text, phrase, plan_hash
from reconcile.firing.states import Blocked, Mode, PostbackState
from reconcile.state import Row
from reconcile.terms import Known

_INVISIBLE = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
_HEX = re.compile("[0-9a-fA-F-]*")
_MODES = {str(mode): mode for mode in Mode}
_STATES = {str(state): state for state in PostbackState}


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


class Postback(NamedTuple):
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


class BlockedRow(NamedTuple):
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
        postbacks=tuple(_postbacks(ledger.each("postback_list", plan=plan))),
        blocked=tuple(_blocked_row(found) for found in ledger.each("blocked_list", plan=plan)),
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
    content = unedited(ledger, plan)
    if row["rows"] == 0:
        raise FiringError(f"plan {plan} holds nothing to fire: every row of it is blocked.")
    wanted = phrase(content.rows, content.sums)
    if typed.strip() != wanted or wanted != row["phrase"]:
        raise FiringError(
            f"plan {plan}: the phrase typed is not the phrase of this plan.\n"
            f"Read the plan again; to approve it, type: {wanted}"
        )
    ledger.approve(plan, content.hash, user=user)
    return load_plan(ledger, plan)


class Content:
    """What a plan holds now, whatever it was made with."""

    def __init__(self, ledger: Ledger, plan: int, host: str) -> None:
        """Read it, row by row."""
        self.rows = 0
        self.sums: dict[str, Decimal] = {}
        """Revenue per currency, "" for none."""
        self.is_at_one_host = True
        self._e4: dict[str, int] = {}
        self._host = host
        self.hash = plan_hash(host, self._wire(ledger.each("plan_content", plan=plan)))
        self.sums = {name: money_of(total) for name, total in self._e4.items()}

    def sums_text(self) -> str:
        """Return the sums as a plan keeps them."""
        return json.dumps({name: amount_text(total) for name, total in sorted(self.sums.items())})

    def _wire(self, rows: Iterable[Row]) -> Iterator[tuple[str, str, bytes]]:
        for mode, path, body, host, e4, currency in rows:
            self.rows += 1
            self.is_at_one_host = self.is_at_one_host and host == self._host
            if e4 is not None:
                name = currency or ""
                self._e4[name] = self._e4.get(name, 0) + e4
            yield mode, path, body


def unedited(ledger: Ledger, plan: int) -> Content:
    """Return what a plan holds now.

    Raises:
        FiringError: It is not what it was made with: the ledger was edited.
        NotFound: There is no such plan.
    """
    row = ledger.plan_row(plan)
    content = Content(ledger, plan, row["host"])
    if content.hash != row["hash"] or not content.is_at_one_host:
        raise FiringError(
            f"{ledger.path}: plan {plan} is not what it was when it was made; it was edited.\n"
            "Nothing was sent. Cancel it and make a new plan."
        )
    return content


def canonical_id(raw: str) -> str:
    """Return an id without white space and invisible characters, hexadecimal ones in lower case."""
    if raw.isascii() and raw.isprintable() and " " not in raw:
        kept = raw  # as nearly all are
    else:
        kept = "".join(c for c in raw if unicodedata.category(c) not in _INVISIBLE)
    return kept.lower() if _HEX.fullmatch(kept) else kept


def is_above(amount: Decimal | None, most: Decimal | None) -> bool:
    """Say whether an amount is above a limit; an unknown one of either is not."""
    return amount is not None and most is not None and amount > most


@lru_cache(maxsize=4096)
def money_of(e4: int) -> Decimal:
    """Return ten-thousandths as money."""
    return Decimal(e4).scaleb(-4)


def _postbacks(rows: Iterable[Row]) -> Iterator[Postback]:
    for no, ref, cid, event, lead, pid, buyer, e4, cur, path, body, mode, state, why, tries in rows:
        money = None if e4 is None else money_of(e4)
        told = (_MODES[mode], _STATES[state], why, tries)
        yield Postback(no, ref, cid, event, lead, pid, buyer, money, cur, path, body, *told)


def _blocked_row(row: Row) -> BlockedRow:
    return BlockedRow(
        row["finding_ref"],
        row["transaction_id"],
        Blocked(row["reason"]),
        row["detail"],
        row["claim_file"],
        row["claim_line"],
    )
