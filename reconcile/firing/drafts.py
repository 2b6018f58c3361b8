"""A plan while it is being written: in parts, seen by nobody, and complete or nothing.

One commit of a million rows would keep a firing process from writing for as long as it takes, and
stop it. So a draft is written in parts, each of which is on disk soon. It has no hash: nothing
shows, approves or fires it before the last commit seals it. What a killed planner left is swept by
the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from filelock import Timeout

from reconcile.errors import FiringError, WarehouseError
from reconcile.firing.ledger import Ledger, this_user
from reconcile.state import Row, new_lock

_PATIENCE = 120.0
_SWEPT_AT_ONCE = 20_000


Place = tuple[str, str, str, str]
"""Campaign, event, lead in any spelling, and which repeat: two of one host with it are the same."""


class Draft:
    """A plan that is not sealed yet; made by `new_draft`."""

    def __init__(self, ledger: Ledger, plan: int, host: str) -> None:
        """Wrap what was begun."""
        self._ledger = ledger
        self.plan = plan
        self.host = host

    def holders(self, asked: Sequence[tuple[Place, str]]) -> dict[int, Row]:
        """Say which of these places are taken: by number in the list, the postback that holds it.

        Args:
            asked: Each place with the time of its conversion, as the ledger writes times.

        Returns:
            Of each one that is taken the postback's `id`, `plan` and `state`.
        """
        text = json.dumps([[*place, occurred_at] for place, occurred_at in asked])
        rows = self._ledger.query("place_taken", host=self.host, asked=text)
        return {row["no"]: row for row in rows}

    def last_intent(self) -> int:
        """Return the number of the newest postback, 0 for none."""
        return int(self._ledger.query("intent_last")[0]["id"])

    def add(self, intents: Sequence[tuple[object, ...]]) -> int:
        """Add postbacks, their values in the order of `intent_add`; return how many were added.

        One whose place is taken is not: the unique index decides, not somebody who looked before.
        """
        return self._ledger.change_many("intent_add", intents)

    def add_blocked(self, blocked: Iterable[Mapping[str, object]]) -> None:
        """Add rows that the plan does not fire."""
        rows = ({**row, "plan": self.plan} for row in blocked)
        self._ledger.change_many("blocked_add", rows)

    def seal(self, head: Mapping[str, object]) -> None:
        """Bind the plan to its `hash`, with its `rows`, `sums` and `phrase`: now it is one."""
        self._ledger.change("plan_seal", plan=self.plan, **head)


@contextmanager
def new_draft(ledger: Ledger, host: str, note: str | None) -> Iterator[Draft]:
    """Begin a plan, to be added to and sealed; unless it is sealed, nothing of it is left.

    Raises:
        FiringError: Another process has been making a plan for two minutes.
    """
    with _only_planner(ledger):
        sweep(ledger)
        head = {"host": host, "note": note, "now": ledger.now(), "user": this_user()}
        with ledger.unnoted():
            number = int(ledger.query("plan_add", **head)[0]["id"])
        try:
            with ledger.wide_cache():
                yield Draft(ledger, number, host)
        except BaseException:
            with suppress(WarehouseError):  # a full disk, say: the next planner sweeps it
                sweep(ledger)
            raise


def sweep(ledger: Ledger) -> None:
    """Remove the drafts that are there; only for whoever holds the planner's place."""
    for draft in ledger.query("draft_list"):
        rows = 0
        for question in ("draft_intent_drop", "draft_blocked_drop"):
            while gone := _dropped(ledger, question, draft["id"]):
                rows += gone
        with ledger.entry("sweep") as told:
            ledger.change("draft_drop", plan=draft["id"])
            told.update(plan=draft["id"], rows=rows)


def _dropped(ledger: Ledger, question: str, plan: int) -> int:
    with ledger.unnoted():
        return ledger.change(question, plan=plan, count=_SWEPT_AT_ONCE)


@contextmanager
def _only_planner(ledger: Ledger) -> Iterator[None]:
    """Hold the place of the one planner; the kernel frees it when the process dies."""
    lock = new_lock(ledger.path.with_name(f"{ledger.path.name}.plan.lock"), timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout as error:
        raise FiringError(
            f"{ledger.path}: another process is making a plan. Nothing was planned by this one: "
            "wait until that one is done, then plan again."
        ) from error
    try:
        yield
    finally:
        lock.release()
