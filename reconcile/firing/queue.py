"""The queue of one firing run: postbacks are taken, settled and given back, a group a commit.

What lanes ask for while a commit is under way goes out with the next one: a write to disk costs
the same for one row as for five hundred.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reconcile.errors import FiringError
from reconcile.firing.attempts import Outcome, Settled, Taken, lost, settled_rows
from reconcile.firing.ledger import Ledger
from reconcile.firing.policy import Verdict
from reconcile.firing.states import Mode, PostbackState, Reason

MOST_GROUPED = 512
# From so many lanes on, a commit waits for what the others are about to tell: seconds at most.
_MANY_LANES, _GATHERING = 8, 0.01

Change = Callable[[dict[str, Any]], Any]
"""One change inside an open commit; it notes itself in the detail of the audit link."""


@dataclass(frozen=True)
class Due:
    """What is left of a mode: seconds until the next may be taken, None where nothing is left."""

    seconds: float | None


class Queue:
    """The postbacks of one plan, for one run; every change is on disk when it returns."""

    def __init__(self, ledger: Ledger, plan: int, run: int, *, lanes: int = 1) -> None:
        """Write through one thread of its own, so that no lane waits for the disk of another.

        Where many `lanes` ask, a commit for two or three of them at a time is what costs most.
        """
        self.ledger = ledger
        self.plan = plan
        self.run = run
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._waiting: list[tuple[Change, asyncio.Future[Any]]] = []
        self._task: asyncio.Task[None] | None = None
        self._settled: list[Settled] = []
        self._lanes = lanes
        self._gathered: asyncio.Event = asyncio.Event()

    def close(self) -> None:
        """End the writing thread."""
        self._thread.shutdown()

    def due(self, mode: Mode) -> Due:
        """Say when the next postback of a mode may be taken; it is 0 seconds for now."""
        if self.ledger.query("any_approved", plan=self.plan, mode=mode):
            return Due(0.0)
        next_at = self.ledger.query("next_due", plan=self.plan, mode=mode)[0]["next_at"]
        return Due(None if next_at is None else max(0.0, next_at - self.ledger.clock()))

    async def take(self, mode: Mode, count: int) -> list[Taken]:
        """Take the next postbacks, durably, before anything is sent; none if none is due.

        Those whose waiting time is over go before those never sent.
        """
        taken: list[Taken] = await self._write(lambda told: self._take(mode, count, told))
        return taken

    async def settle(self, taken: Taken, outcome: Outcome) -> None:
        """Keep what became of a postback; an inactive source holds back what it has not sent.

        Raises:
            FiringError: It is no longer this run's: another process has settled it.
        """
        await self._write(lambda told: self._settle(taken, outcome, told))

    async def give_back(self, many: Sequence[Taken], *, inactive: bool = False) -> None:
        """Undo the taking of what was not sent.

        Of a source found `inactive` nothing is sent any more: it is taken back like the rest of it,
        but for what an earlier attempt may have stored.
        """
        if many:
            await self._write(lambda told: self._give_back(many, inactive, told))

    def host_free_at(self, host: str) -> float:
        """Return until when the host has asked to be left alone, as seconds since 1970."""
        return float(self.ledger.query("host_wait", host=host)[0]["free_at"] or 0.0)

    async def _write(self, change: Change) -> Any:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((change, future))
        if len(self._waiting) >= self._lanes:
            self._gathered.set()
        if self._task is None:
            self._task = loop.create_task(self._drain(loop))
        return await future

    async def _drain(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while self._waiting:
                await self._gather()
                group, self._waiting = (
                    self._waiting[:MOST_GROUPED],
                    self._waiting[MOST_GROUPED:],
                )
                changes = [change for change, _ in group]
                try:
                    results = await loop.run_in_executor(self._thread, self._commit, changes)
                except Exception as error:  # handed to whoever asked
                    results = [error] * len(group)
                for (_, future), result in zip(group, results, strict=True):
                    _hand_over(future, result)
        finally:
            self._task = None

    async def _gather(self) -> None:
        """Wait until every lane has told what it has, but not for long."""
        if self._lanes >= _MANY_LANES:
            with suppress(TimeoutError):
                async with asyncio.timeout(_GATHERING):
                    await self._gathered.wait()
            self._gathered.clear()

    def _commit(self, changes: Sequence[Change]) -> list[Any]:
        """Do all changes in one commit; if one of them may not be, each in one of its own."""
        try:
            return self._committed(changes)
        except FiringError as error:
            if len(changes) == 1:
                return [error]
            return [self._commit([change])[0] for change in changes]

    def _committed(self, changes: Sequence[Change]) -> list[Any]:
        told: dict[str, Any] = {}
        with self.ledger.entry("fire") as detail:
            self._settled.clear()
            results = [change(told) for change in changes]
            self.ledger.write(self._settled)
            detail |= {"run": self.run, **told}
        return results

    def _take(self, mode: Mode, count: int, told: dict[str, Any]) -> list[Taken]:
        same = {"plan": self.plan, "run": self.run, "mode": mode, "now": self.ledger.now()}
        rows = self.ledger.query("take_retry", **same, at=self.ledger.clock(), count=count)
        if len(rows) < count:
            rows += self.ledger.query("take_approved", **same, count=count - len(rows))
        rows.sort(key=_order)
        intents = json.dumps([row["id"] for row in rows])
        added = self.ledger.query("attempt_add", intents=intents, run=self.run, now=same["now"])
        attempts = {row["intent"]: row["id"] for row in added}
        told.setdefault("taken", []).extend([row["id"], attempts[row["id"]]] for row in rows)
        return [
            Taken(
                row["id"],
                attempts[row["id"]],
                self.run,
                mode=mode,
                earlier=self._earlier(row),
                **{name: row[name] for name in ("plan", "campaign_id", "pid", "path", "body")},
            )
            for row in rows
        ]

    def _earlier(self, row: Any) -> tuple[Reason, ...]:
        if row["tries"] == 1:
            return ()
        reasons = (Reason(one["reason"]) for one in self.ledger.query("past", intent=row["id"]))
        return tuple(reason for reason in reasons if reason is not Reason.WITHHELD)

    def _settle(self, taken: Taken, outcome: Outcome, told: dict[str, Any]) -> None:
        # Written with all others of this commit; should one be lost, each goes in its own.
        self._settled.append((taken.intent, taken.attempt, taken.run, outcome))
        state, reason = outcome.verdict.state, outcome.verdict.reason
        told.setdefault("settled", []).append([taken.attempt, state, reason])
        if reason is Reason.INACTIVE:
            source = {"plan": taken.plan, "campaign_id": taken.campaign_id, "pid": taken.pid}
            held = self.ledger.change("hold_source", **source, now=self.ledger.now())
            told.setdefault("held", []).append({**source, "rows": held})

    def _give_back(self, many: Sequence[Taken], inactive: bool, told: dict[str, Any]) -> None:
        now, due = self.ledger.now(), self.ledger.clock()
        withheld: list[Settled] = []
        for taken in many:
            state, reason = _before(taken, inactive=inactive)
            place = {"intent": taken.intent, "run": taken.run, "state": state, "reason": reason}
            waits = due if state is PostbackState.RETRYABLE else None
            if self.ledger.change("give_back", **place, now=now, next_at=waits) != 1:
                raise lost(taken.intent)
            outcome = Outcome(Verdict(state, Reason.WITHHELD))
            withheld.append((taken.intent, taken.attempt, taken.run, outcome))
            told.setdefault("given_back", []).append([taken.attempt, state])
        rows, answers = settled_rows(withheld)
        self.ledger.change("attempt_settle", rows=rows, answers=answers, now=now)


def _before(taken: Taken, *, inactive: bool) -> tuple[PostbackState, Reason | None]:
    if inactive:
        doubt = any(reason.in_doubt for reason in taken.earlier)
        return (PostbackState.UNKNOWN if doubt else PostbackState.CANCELLED), Reason.INACTIVE
    if taken.earlier:
        return PostbackState.RETRYABLE, taken.earlier[-1]
    return PostbackState.APPROVED, None


def _order(row: Any) -> tuple[bool, float, int]:
    return row["next_at"] is None, row["next_at"] or 0.0, row["id"]


def _hand_over(future: asyncio.Future[Any], result: Any) -> None:
    if future.cancelled():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
