"""Fires an approved plan: recover, then take, send, settle, until nothing is due.

A postback is sent only after its taking is on disk, and settled before the next is taken. What a
killed process left is read from the ledger, never assumed.
"""

from __future__ import annotations

import asyncio
import os
import random
import ssl
import threading
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiolimiter import AsyncLimiter

from reconcile.errors import FiringError, ReconcileError
from reconcile.firing.ledger import Ledger, Outcome, Taken
from reconcile.firing.plan import current_hash
from reconcile.firing.policy import Verdict, Wait, classify, limited, retry_after
from reconcile.firing.sender import Answer, Lane, Patience
from reconcile.firing.states import Mode, PostbackState, Reason

_POLL = 0.05
_OPEN = (PostbackState.RETRYABLE, PostbackState.UNKNOWN)


@dataclass(frozen=True)
class Pace:
    """How fast and how patiently to fire. Pingtree documents no limit, hence the slow default."""

    rate: float = 10.0
    """Postbacks a second, all lanes together."""
    lanes: tuple[tuple[Mode, int], ...] = ((Mode.DEDUPE, 4), (Mode.ONCE, 2))
    lock_wait: float = 5.0
    """Seconds to wait for the platform's lock, doubled each time."""
    backoff: float = 0.5
    longest_backoff: float = 60.0
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True)
class Receipt:
    """What firing a plan came to; `audit_head` proves what the ledger held then."""

    plan: int
    run: int
    counts: dict[PostbackState, int]
    ended_by: str
    audit_head: str


def fire(
    ledger: Ledger, plan: int, *, pace: Pace | None = None, limit: int | None = None
) -> Receipt:
    """Send the postbacks of an approved plan that are due, and settle what killed runs left.

    A plan that was stopped, or whose process died, is fired again to go on. `limit` ends after
    that many postbacks: a few first, to look at the answers.

    Raises:
        FiringError: The plan is not approved, or was edited after it was made.
        NotAllowed: Its host is not the sandbox.
        AlreadyFiring: Another process fires from this ledger (exit code 3).
        NotFound: There is no such plan.
    """
    row = ledger.plan_row(plan)
    host = ledger.allow(row["host"])
    with ledger.held():
        _check_approved(ledger, plan)
        run = ledger.begin_run(plan, process=os.getpid())
        work = _Work(ledger, plan, run, pace or Pace(), limit)
        ended_by = "error"
        try:
            _run(work.fire(host))
            ended_by = work.ended_by
        finally:
            ledger.end_run(run, ended_by)
        return Receipt(plan, run, ledger.counts(plan), ended_by, ledger.audit_head())


def _check_approved(ledger: Ledger, plan: int) -> None:
    row = ledger.plan_row(plan)
    digest = current_hash(ledger, plan)
    if row["approved_hash"] is None:
        raise FiringError(
            f"plan {plan} is not approved; nothing was sent.\n"
            f"Read it, then approve it by typing: {row['phrase']}"
        )
    if row["approved_hash"] != digest:
        raise FiringError(f"plan {plan} is not the one that was approved; nothing was sent.")


def _run(job: Coroutine[Any, Any, None]) -> None:
    """Run a job to its end, in a notebook too, where this thread has a loop already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(job)
        return
    failure: list[BaseException] = []

    def main() -> None:
        try:
            asyncio.run(job)
        except BaseException as error:  # raised again in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


class Breaker:
    """Says when so much goes wrong that the plan must stop; one for a whole run."""

    def __init__(self) -> None:
        """Start without any attempt seen."""
        self._last: deque[bool] = deque(maxlen=50)
        self._in_a_row = 0
        self._unclassified = 0
        self._sends = 0
        self._retries = 0

    def feed(self, verdict: Verdict) -> str | None:
        """Count one attempt; return why to stop, None to go on."""
        is_open = verdict.state in _OPEN
        self._last.append(is_open)
        self._sends += 1
        self._in_a_row = self._in_a_row + 1 if is_open else 0
        self._unclassified += is_open and verdict.reason in (Reason.UNCLASSIFIED, Reason.FORBIDDEN)
        # Waiting for a lock or for the host is what was asked for; it has limits of its own.
        self._retries += verdict.state is PostbackState.RETRYABLE and verdict.wait is Wait.BACKOFF
        if self._unclassified >= 3:
            return "3 answers in words that are not in the table"
        if self._in_a_row >= 5:
            return "5 attempts in a row without a final answer"
        if len(self._last) == self._last.maxlen and sum(self._last) > len(self._last) / 5:
            return "more than a fifth of the last 50 attempts without a final answer"
        if self._retries > max(3, self._sends / 10):
            return "more than a tenth of the attempts would be sent again"
        return None


class _Work:
    """One run over one plan."""

    def __init__(self, ledger: Ledger, plan: int, run: int, pace: Pace, limit: int | None) -> None:
        self.ledger = ledger
        self.plan = plan
        self.run = run
        self.pace = pace
        self.ended_by = "done"
        self._failure: ReconcileError | None = None
        self._left = limit
        self._rate = pace.rate
        self._limiter = AsyncLimiter(1, 1 / pace.rate)
        self._host_free_at = 0.0
        self._breaker = Breaker()
        self._random = random.SystemRandom()

    async def fire(self, host: str) -> None:
        """Work in all lanes until nothing is due or something says stop."""
        tls = ssl.create_default_context()
        async with asyncio.TaskGroup() as group:
            for mode, lanes in self.pace.lanes:
                for _ in range(lanes):
                    lane = Lane(
                        host, reuse=mode is Mode.DEDUPE, tls=tls, patience=self.pace.patience
                    )
                    group.create_task(self._work(lane, mode))
        if self._failure is not None:
            raise self._failure

    async def _work(self, lane: Lane, mode: Mode) -> None:
        try:
            while self.ended_by == "done":
                if not await self._turn(lane, mode):
                    return
        except ReconcileError as error:
            # The other lanes end after what they are sending; cancelled, its outcome were unknown.
            self._failure = self._failure or error
            self.ended_by = "error"
        finally:
            await lane.aclose()

    async def _turn(self, lane: Lane, mode: Mode) -> bool:
        """Send one postback, or wait a moment; say whether this lane has anything left to do."""
        due = self.ledger.due_in(self.plan, mode)
        if due is None:
            return False
        if self._is_held() or due > 0:
            await asyncio.sleep(_POLL)
            return True
        await self._limiter.acquire()
        # 1. While it waited for its turn, a stop or a full host may have come.
        if self._is_held():
            return True
        # 2. Nothing may be awaited from here to the sending.
        taken = self.ledger.take(self.plan, self.run, mode)
        if taken is not None:
            self._left = None if self._left is None else self._left - 1
            # 3. The answer is kept before this lane takes anything else.
            self._settle(taken, await lane.send(taken.path, taken.body))
        return True

    def _is_held(self) -> bool:
        """Read the switches; say whether nothing may be taken now."""
        switches = self.ledger.switches()
        if self.ended_by == "done" and switches.get("stop") == "on":
            self.ended_by = "stopped"
        if self.ended_by == "done" and self._left is not None and self._left <= 0:
            self.ended_by = "limit"
        rate = float(switches.get("rate", self.pace.rate))
        if rate != self._rate:
            self._rate, self._limiter = rate, AsyncLimiter(1, 1 / rate)
        is_busy = self.ledger.clock() < self._host_free_at
        return self.ended_by != "done" or switches.get("pause") == "on" or is_busy

    def _settle(self, taken: Taken, answer: Answer) -> None:
        had_unknown = any(reason.in_doubt for reason in taken.earlier)
        first = classify(answer.status, answer.body, answer.error, taken.mode, had_unknown)
        verdict = limited(first, taken.earlier)
        now = self.ledger.clock()
        next_at = now + self._wait(first, taken, answer)
        if first.wait is Wait.HOST:
            self._host_free_at = max(self._host_free_at, next_at)
        outcome = Outcome(verdict, next_at=next_at, status=answer.status, answer=answer.body)
        self.ledger.settle(taken, outcome)
        if verdict.reason is Reason.INACTIVE:
            self.ledger.hold_source(taken)
        why = self._breaker.feed(verdict)
        if why is not None and self.ended_by == "done":
            self.ended_by = why

    def _wait(self, verdict: Verdict, taken: Taken, answer: Answer) -> float:
        """Return the seconds until a postback may be sent again."""
        if verdict.wait is Wait.HOST:
            return retry_after(answer.retry_after, datetime.now(UTC))
        if verdict.wait is Wait.LOCK:
            return float(self.pace.lock_wait * 2 ** taken.earlier.count(Reason.LOCKED))
        longest = min(self.pace.longest_backoff, self.pace.backoff * 2 ** len(taken.earlier))
        return self._random.uniform(0, longest) if verdict.wait is Wait.BACKOFF else 0.0
