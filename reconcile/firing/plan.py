"""Plans: what they hold to the byte, bound to a hash that a person approves."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from reconcile.errors import FiringError
from reconcile.firing.ledger import Ledger, reading
from reconcile.firing.policy import TRIGGER_PATH, amount_text, phrase, plan_hash
from reconcile.firing.states import Blocked, Mode, PostbackState
from reconcile.state import Row
from reconcile.terms import Known

_INVISIBLE = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
_HEX = re.compile("[0-9a-fA-F-]*")


class PostbackNeed(NamedTuple):
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
    platform_campaign: str | None = None
    """How the platform itself spells the campaign, where that is not its known name."""
    platform_event: str | None = None
    """How the platform itself spells the event, where that is not its known name."""
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


class Expected(NamedTuple):
    """What the postbacks of one campaign, buyer or source bring in one currency."""

    by: str
    """campaign, buyer or source."""
    name: str
    """"(none)" where it is not known."""
    currency: str
    postbacks: int
    revenue: Decimal


@dataclass(frozen=True)
class Plan:
    """An immutable plan; `phrase` is what a person types to approve exactly this one.

    A plan may hold a million rows: they are read from the ledger when they are asked for.
    """

    id: int
    hash: str
    host: str
    rows: int
    blocked_rows: int
    sums: Mapping[str, Decimal]
    phrase: str
    made_at: str
    made_by: str
    approved_at: str | None
    approved_by: str | None
    note: str | None
    """Why the plan was made although the newest event export was too old."""
    ledger: Path
    """Where its rows are."""

    @cached_property
    def postbacks(self) -> tuple[Postback, ...]:
        """All postbacks, as they stand when they are first asked for."""
        return self.page(0, self.rows)

    @cached_property
    def blocked(self) -> tuple[BlockedRow, ...]:
        """All rows that are not fired."""
        return self.blocked_page(0, self.blocked_rows)

    def page(self, skip: int, count: int) -> tuple[Postback, ...]:
        """Return some postbacks as they stand, in the order of the plan."""
        rows = self._ask("postback_page", skip=skip, count=count)
        return tuple(_postback(row) for row in rows)

    def blocked_page(self, skip: int, count: int) -> tuple[BlockedRow, ...]:
        """Return some of the rows that are not fired, in the order they were asked for."""
        rows = self._ask("blocked_page", skip=skip, count=count)
        return tuple(_blocked_row(row) for row in rows)

    def blocked_reasons(self) -> dict[Blocked, int]:
        """Return how many rows are not fired for each reason, the most frequent first."""
        return {Blocked(row["reason"]): row["rows"] for row in self._ask("blocked_count")}

    def expected(self) -> tuple[Expected, ...]:
        """Return what the plan brings by campaign, buyer and source, per currency."""
        return tuple(
            Expected(row["by"], row["name"], row["currency"], row["rows"], money_of(row["e4"]))
            for row in self._ask("expected")
        )

    def undated(self) -> int:
        """Return how many postbacks carry no date: the platform dates them when they are sent."""
        return int(self._ask("path_count", path=TRIGGER_PATH)[0]["rows"])

    def _ask(self, question: str, **params: object) -> list[Row]:
        with reading(self.ledger) as ledger:
            return ledger.query(question, plan=self.id, **params)


def load_plan(ledger: Ledger, plan: int) -> Plan:
    """Return a plan as it stands.

    Raises:
        NotFound: There is no such plan.
    """
    row = ledger.plan_row(plan)
    named = ("id", "hash", "host", "rows", "phrase", "made_at", "made_by", "approved_at", "note")
    return Plan(
        **{name: row[name] for name in named},
        approved_by=row["approved_by"],
        sums={name: Decimal(text) for name, text in json.loads(row["sums"]).items()},
        blocked_rows=sum(found["rows"] for found in ledger.query("blocked_count", plan=plan)),
        ledger=ledger.path,
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
        raise FiringError(
            f"plan {plan} holds nothing to fire: every row of it is blocked. Read why (reconcile "
            f"plan --show {plan} --host {row['host']}), mend that, and make a new plan."
        )
    if typed.strip() != row["phrase"]:
        raise FiringError(
            f"plan {plan}: the phrase typed is not the phrase of this plan.\n"
            f"Read the plan again; to approve it, type: {row['phrase']}"
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
    is_same = content.hash == row["hash"] and content.is_at_one_host
    # Amounts beside the bodies are in no hash, but in the sums that a person approves.
    if not is_same or phrase(content.rows, content.sums) != row["phrase"]:
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


def _postback(row: Row) -> Postback:
    no, ref, cid, event, lead, pid, buyer, e4, cur, path, body, mode, state, why, tries = row
    money = None if e4 is None else money_of(e4)
    told = (Mode(mode), PostbackState(state), why, tries)
    return Postback(no, ref, cid, event, lead, pid, buyer, money, cur, path, body, *told)


def _blocked_row(row: Row) -> BlockedRow:
    return BlockedRow(
        row["finding_ref"],
        row["transaction_id"],
        Blocked(row["reason"]),
        row["detail"],
        row["claim_file"],
        row["claim_line"],
    )
