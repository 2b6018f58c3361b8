"""Findings of a run become a plan: what is fired to the byte, and what is blocked and why."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from reconcile.errors import FiringError
from reconcile.firing.drafts import Draft, Place, new_draft
from reconcile.firing.ledger import Ledger
from reconcile.firing.naming import Names
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
from reconcile.firing.states import NEVER_SENT, Blocked, Mode, PostbackState
from reconcile.state import Row
from reconcile.terms import Known

Record = dict[str, object]
Values = tuple[object, ...]
"""What `intent_add` takes, in its order."""

_place = itemgetter(6, 7, 9, 10)  # campaign, event, lead, repeat: where they stand in the values
_TIME = 15
_DEDUPE, _ONCE = str(Mode.DEDUPE), str(Mode.ONCE)  # exact texts, which SQLite binds much faster
# So many needs are written by one question, and where places are taken looked up by one.
_CHUNK = 50_000


def make_plan(  # noqa: PLR0913 - what a plan rests on; all but the target have a default
    ledger: Ledger,
    needs: Iterable[PostbackNeed],
    *,
    host: str,
    settings: FiringSettings | None = None,
    names: Names | None = None,
    note: str | None = None,
) -> Plan:
    """Write a plan of all needs that may be fired; the others are kept with their reason.

    Nothing is sent. A need that any plan of this ledger has already is blocked as `sent_before`,
    unless that postback was cancelled, rejected or proven absent. `settings` name the endpoint
    of each campaign, `names` what else campaigns and events were called in older plans, `note` says
    why a limit was set aside.

    Raises:
        NotAllowed: The host is not the sandbox, nor on the list.
        FiringError: A campaign is fired at by the organisation's endpoint, whose id is not set.
    """
    host = ledger.allow(host)
    with new_draft(ledger, host, note) as draft:
        drafting = _Drafting(ledger, draft, settings or FiringSettings(), names or Names())
        left = iter(needs)
        while chunk := list(islice(left, _CHUNK)):
            drafting.add(chunk)
        content = Content(ledger, draft.plan, host)
        head = {"rows": content.rows, "hash": content.hash}
        bound = {"sums": content.sums_text(), "phrase": phrase(content.rows, content.sums)}
        with ledger.entry("plan") as told:
            draft.seal(head | bound)
            told.update(plan=draft.plan, host=host, **head)
            told.update({"note": note} if note else {})
    return load_plan(ledger, draft.plan)


class _Address(NamedTuple):
    """Where the postbacks of a campaign go, and what their amount is called there."""

    path: str
    endpoint: Endpoint
    amount_name: str = "amount"


class _Drafting:
    """A plan being put together, part by part; what it adds is on disk when `add` returns."""

    def __init__(
        self, ledger: Ledger, draft: Draft, settings: FiringSettings, names: Names
    ) -> None:
        self._ledger = ledger
        self._draft = draft
        self._names = names
        self._plan = draft.plan
        self._host = draft.host
        self._now = ledger.now()
        self._settings = settings
        self._addresses: dict[str, _Address] = {}
        self._others: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def add(self, needs: list[PostbackNeed]) -> None:
        """Add needs, each as a postback or as blocked, in their order."""
        blocked: dict[int, Record] = {}
        wanted: dict[int, Values] = {}
        for at, need in enumerate(needs):
            lead = canonical_id(need.transaction_id)
            reason = need.blocked or _own_reason(need, lead)
            if reason is None:
                wanted[at] = self._values(need, lead)
            else:
                told = need.blocked_detail if need.blocked else ""
                blocked[at] = _blocked(need, reason, told or reason.meaning)
        for at, holder in self._held_by_other_names(wanted).items():
            blocked[at] = self._held(needs[at], holder)
            del wanted[at]
        # Only now is the ledger written to, and others have to wait.
        with self._ledger.unnoted():
            before = self._draft.last_intent()
            if self._draft.add(list(wanted.values())) < len(wanted):
                blocked |= self._not_added(needs, wanted, before)
            self._draft.add_blocked(blocked[at] for at in sorted(blocked))

    def _held_by_other_names(self, wanted: dict[int, Values]) -> dict[int, Row]:
        """Return by number who holds a place under a name of which the unique index knows nothing.

        First releases named a repeat in another way, and campaigns and events have aliases.
        """
        asked = list[tuple[int, Place, str]]()
        for at, values in wanted.items():
            campaign, event, lead, repeat = _place(values)
            named = self._others.get((campaign, event))
            if named is None:
                named = self._others[campaign, event] = self._names.others(campaign, event)
            if named or repeat:
                own = [(campaign, event)] if repeat else []
                asked += [(at, (*name, lead, repeat), str(values[_TIME])) for name in named + own]
        if not asked:
            return {}
        holders = self._draft.holders([(place, when) for _, place, when in asked])
        return {asked[no][0]: holder for no, holder in holders.items()}

    def _not_added(
        self, needs: list[PostbackNeed], wanted: dict[int, Values], before: int
    ) -> dict[int, Record]:
        """Return as blocked those whose place was taken; of this chunk's own the first has it."""
        blocked, seen = {}, set[int]()
        for at, holder in self._holders(wanted).items():
            if holder["id"] > before and holder["id"] not in seen:
                seen.add(holder["id"])
            else:
                blocked[at] = self._held(needs[at], holder)
        return blocked

    def _holders(self, wanted: dict[int, Values]) -> dict[int, Row]:
        """Return by number the postback that holds the place of each of these, where one does."""
        if not wanted:
            return {}
        numbers = list(wanted)
        asked = [(_place(values), str(values[_TIME])) for values in wanted.values()]
        return {numbers[no]: row for no, row in self._draft.holders(asked).items()}

    def _held(self, need: PostbackNeed, holder: Row) -> Record:
        """Return a need whose place another plan holds, or another postback of this one."""
        if holder["plan"] == self._plan:
            return _blocked(need, Blocked.TWICE, Blocked.TWICE.meaning)
        state = PostbackState(holder["state"])
        told = f"Plan {holder['plan']} has it: {state}. {state.next_step}"
        if state in NEVER_SENT:
            told += f" To cancel it: reconcile cancel {holder['plan']} --host {self._host}"
        return _blocked(need, Blocked.SENT_BEFORE, told)

    def _values(self, need: PostbackNeed, key: str) -> Values:
        """Return what `intent_add` takes for a need that nothing speaks against yet."""
        campaign, event, when = need.campaign_id, need.event_id, need.occurred_at
        if campaign is None or event is None or when is None:
            raise ValueError(f"{need.finding_ref}: what is blocked has no postback")
        lead, money = need.transaction_id, need.revenue
        platform_id = need.platform_campaign or campaign
        address = self._addresses.get(platform_id) or self._address(platform_id)
        body = Body(need.platform_event or event, lead, when, money, need.pid, need.clid)
        if address.endpoint is Endpoint.TRIGGER:
            content = trigger_bytes(body, platform_id)
        else:
            zone, name = self._settings.zone, address.amount_name
            content = body_bytes(body, zone=zone, amount_name=name)
        return (
            self._plan,
            self._host,
            self._now,
            address.path,
            content,
            _DEDUPE if need.mode is Mode.DEDUPE else _ONCE,
            campaign,
            event,
            lead,
            key,
            need.claim_key if need.allows_repeat is Known.YES else "",
            need.pid,
            need.buyer,
            None if money is None else ten_thousandths(money),
            need.currency,
            when.isoformat(" "),
            need.finding_ref,
            need.claim_file,
            need.claim_line,
            need.run_id,
            need.seen_before,
        )

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


def _own_reason(need: PostbackNeed, lead: str) -> Blocked | None:
    """Return what keeps a need from being fired, as far as it shows on the need itself."""
    named = need.event_id and need.campaign_id and lead and need.occurred_at
    if not named:
        return _lacking(need, lead)
    if need.revenue is None:
        if need.is_conversion is not Known.NO:
            return Blocked.NO_REVENUE
    elif not _is_exact(need.revenue):
        return Blocked.NOT_EXACT
    elif need.revenue < 0:
        return Blocked.NEGATIVE
    return None if need.pid else Blocked.PID_UNKNOWN


def _lacking(need: PostbackNeed, lead: str) -> Blocked:
    if not need.event_id:
        return Blocked.NO_EVENT
    if not need.campaign_id:
        return Blocked.NO_CAMPAIGN
    return Blocked.NO_TIME if lead else Blocked.UNKNOWN_LEAD


def _is_exact(amount: Decimal) -> bool:
    """Say whether an amount fits DECIMAL(18,4)."""
    try:
        return amount.is_finite() and abs(ten_thousandths(amount)) < 10**18
    except ValueError:
        return False
