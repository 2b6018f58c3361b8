"""Findings of a run become a plan: what is fired to the byte, and what is blocked and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from reconcile.errors import FiringError
from reconcile.firing.ledger import Ledger, Place
from reconcile.firing.plan import Content, Plan, PostbackNeed, canonical_id, load_plan
from reconcile.firing.policy import (
    TRIGGER_PATH,
    Body,
    body_bytes,
    event_path,
    phrase,
    ten_thousandths,
    trigger_bytes,
)
from reconcile.firing.settings import Endpoint, FiringSettings
from reconcile.firing.states import Blocked, Mode, PostbackState
from reconcile.terms import Known

Record = dict[str, object]
Values = tuple[object, ...]
"""What `intent_add` takes, in its order."""

_MODES = {mode: str(mode) for mode in Mode}  # exact texts, which SQLite binds much faster
# So many needs are looked up in the ledger by one question, and written by one.
_CHUNK = 10_000


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
    with ledger.entry("plan") as told, ledger.new_plan(host, note) as number:
        draft = _Draft(ledger, number, host, settings or FiringSettings())
        left = iter(needs)
        while chunk := list(islice(left, _CHUNK)):
            draft.add(chunk)
        content = Content(ledger, number, host)
        head = {"rows": content.rows, "hash": content.hash}
        ledger.seal(
            number,
            {**head, "sums": content.sums_text(), "phrase": phrase(content.rows, content.sums)},
        )
        told.update(plan=number, host=host, **head)
        told.update({"note": note} if note else {})
    return load_plan(ledger, number)


class _Address(NamedTuple):
    """Where the postbacks of a campaign go, and what their amount is called there."""

    path: str
    endpoint: Endpoint
    amount_name: str = "amount"


class _Wanted(NamedTuple):
    """A postback that nothing speaks against yet."""

    at: int
    occurred_at: str
    values: Values


class _Draft:
    """A plan being put together, inside an open entry of the ledger."""

    def __init__(self, ledger: Ledger, plan: int, host: str, settings: FiringSettings) -> None:
        self._ledger = ledger
        self._plan = plan
        self._host = host
        self._settings = settings
        self._addresses: dict[str, _Address] = {}

    def add(self, needs: list[PostbackNeed]) -> None:
        """Add needs, each as a postback or as blocked, in their order."""
        blocked: dict[int, Record] = {}
        wanted: dict[Place, _Wanted] = {}
        twins: list[tuple[int, Place]] = []
        for at, need in enumerate(needs):
            lead = canonical_id(need.transaction_id)
            reason = need.blocked or next(_own_reasons(need, lead), None)
            if reason is not None:
                told = need.blocked_detail if need.blocked else ""
                blocked[at] = _blocked(need, reason, told or reason.meaning)
                continue
            repeat = need.claim_key if need.allows_repeat is Known.YES else ""
            place = (need.campaign_id or "", need.event_id or "", lead, repeat)
            if place in wanted:
                twins.append((at, place))
            else:
                wanted[place] = self._wanted(at, need, place)
        taken = self._taken(wanted)
        for place, held in taken.items():
            at = wanted.pop(place).at
            blocked[at] = self._held(needs[at], held)
        for at, place in twins:
            blocked[at] = self._held(needs[at], taken.get(place))
        values = (one.values for one in wanted.values())
        told_of = (blocked[at] for at in sorted(blocked))
        self._ledger.add(self._plan, self._host, values, told_of)

    def _taken(self, wanted: dict[Place, _Wanted]) -> dict[Place, tuple[int, PostbackState]]:
        asked = [(place, one.occurred_at) for place, one in wanted.items()]
        found = self._ledger.taken(self._host, asked)
        return {asked[no][0]: held for no, held in found.items()}

    def _held(self, need: PostbackNeed, held: tuple[int, PostbackState] | None) -> Record:
        """Return a need whose place another plan holds, or another postback of this one."""
        if held is None or held[0] == self._plan:
            return _blocked(need, Blocked.TWICE, Blocked.TWICE.meaning)
        return _blocked(need, Blocked.SENT_BEFORE, f"Plan {held[0]} has it: {held[1]}.")

    def _wanted(self, at: int, need: PostbackNeed, place: Place) -> _Wanted:
        campaign, event, key, repeat = place
        lead, money, when = need.transaction_id, need.revenue, need.occurred_at
        if when is None:
            raise ValueError(f"{need.finding_ref}: what is blocked has no postback")
        address = self._addresses.get(campaign) or self._address(campaign)
        body = Body(event, lead, when, money, need.pid, need.clid)
        if address.endpoint is Endpoint.TRIGGER:
            content = trigger_bytes(body, campaign)
        else:
            zone, name = self._settings.zone, address.amount_name
            content = body_bytes(body, zone=zone, amount_name=name)
        occurred_at = when.isoformat(" ")
        values = (
            address.path,
            content,
            _MODES[need.mode],
            campaign,
            event,
            lead,
            key,
            repeat,
            need.pid,
            need.buyer,
            None if money is None else ten_thousandths(money),
            need.currency,
            occurred_at,
            need.finding_ref,
            need.claim_file,
            need.claim_line,
            need.run_id,
            need.seen_before,
        )
        return _Wanted(at, occurred_at, values)

    def _address(self, campaign_id: str) -> _Address:
        """Return where the postbacks of a campaign go, and keep it for the next one."""
        endpoint = self._settings.endpoint.get(campaign_id, Endpoint.CAMPAIGN)
        if endpoint is Endpoint.GLOBAL:
            path = event_path(campaign_id, org_id=self._org_id(campaign_id))
            found = _Address(path, endpoint, self._settings.amount_name)
        else:
            is_trigger = endpoint is Endpoint.TRIGGER
            found = _Address(TRIGGER_PATH if is_trigger else event_path(campaign_id), endpoint)
        self._addresses[campaign_id] = found
        return found

    def _org_id(self, campaign_id: str) -> str:
        if self._settings.org_id is None:
            raise FiringError(
                f"campaign {campaign_id} is fired at by the organisation's endpoint, and "
                'firing.toml does not say which one that is. Add a line such as org_id = "o1".'
            )
        return self._settings.org_id


def _blocked(need: PostbackNeed, reason: Blocked, detail: str) -> Record:
    money = need.revenue
    return {
        "finding_ref": need.finding_ref,
        "campaign_id": need.campaign_id,
        "event_id": need.event_id,
        "transaction_id": need.transaction_id,
        "revenue_e4": None if money is None or not _is_exact(money) else ten_thousandths(money),
        "currency": need.currency,
        "claim_file": need.claim_file,
        "claim_line": need.claim_line,
        "reason": reason,
        "detail": detail,
    }


def _own_reasons(need: PostbackNeed, lead: str) -> Iterator[Blocked]:
    """Yield what keeps a need from being fired, as far as it shows on the need itself."""
    money = need.revenue
    if not need.event_id:
        yield Blocked.NO_EVENT
    if not need.campaign_id:
        yield Blocked.NO_CAMPAIGN
    if not lead:
        yield Blocked.UNKNOWN_LEAD
    if need.occurred_at is None:
        yield Blocked.NO_TIME
    if money is None and need.is_conversion is not Known.NO:
        yield Blocked.NO_REVENUE
    if money is not None and not _is_exact(money):
        yield Blocked.NOT_EXACT
    if money is not None and money < 0:
        yield Blocked.NEGATIVE
    if not need.pid:
        yield Blocked.PID_UNKNOWN


def _is_exact(amount: Decimal) -> bool:
    """Say whether an amount fits DECIMAL(18,4)."""
    try:
        return amount.is_finite() and abs(ten_thousandths(amount)) < 10**18
    except ValueError:
        return False
