"""Fires an approved plan: recover, then take, send, settle, until nothing is due.

A postback is sent only after its taking is on disk, and settled before the next is taken. What a
killed process left is read from the ledger, never assumed.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import ssl
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from aiolimiter import AsyncLimiter

from reconcile.errors import FiringError, ReconcileError, WarehouseError
from reconcile.firing.attempts import Outcome, Taken
from reconcile.firing.breakers import Breaker, Sources
from reconcile.firing.ledger import Ledger
from reconcile.firing.limits import left_to_send
from reconcile.firing.metering import Meter, Progress
from reconcile.firing.plan import unedited
from reconcile.firing.policy import Verdict, Wait, classify, limited, retry_after
from reconcile.firing.queue import Queue
from reconcile.firing.sender import Answer, Lane, Network, Patience, Transport, tls_for
from reconcile.firing.settings import FiringSettings
from reconcile.firing.states import Mode, PostbackState, Reason

_POLL, _LONGEST_POLL = 0.05, 0.25
_BLOCK = 256
# Switches are read this many seconds apart at most; at ten postbacks a second, before each.
_FRESH = 0.02


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


class News(Protocol):
    """What may come while a plan is fired, and speak against the rest of it."""

    def has_come(self) -> bool:
        """Say whether anything came since it was asked last; asked before each postback."""
        ...

    def refuse(self) -> None:
        """Raise a FiringError if what has come speaks against the rest."""
        ...


@dataclass(frozen=True)
class Means:
    """What firing works with; tests put other things in their place."""

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    tls: ssl.SSLContext | None = None
    """Which certificates to trust; those of the machine if None."""
    transport: Transport | None = None
    watch: Callable[[Progress], None] = lambda _: None
    """Told a few times a second how far it is."""
    news: News | None = None


@dataclass(frozen=True)
class Receipt:
    """What firing a plan came to; `audit_head` proves what the ledger held then."""

    plan: int
    run: int
    counts: dict[PostbackState, int]
    ended_by: str
    audit_head: str


def pace_of(settings: FiringSettings, rate: float | None = None) -> Pace:
    """Return the pace that a person has set; a `rate` given now wins."""
    lanes = ((Mode.DEDUPE, settings.lanes_dedupe), (Mode.ONCE, settings.lanes_once))
    rate = float(settings.rate) if rate is None else rate
    return Pace(rate=rate, lanes=lanes, lock_wait=float(settings.lock_wait))


def canary(ledger: Ledger, plan: int, count: int) -> int | None:
    """Return how many postbacks go first, to look at their answers; None where they were sent."""
    is_first = not ledger.query("any_attempt", plan=plan)
    return count if is_first and 0 < count < left_to_send(ledger, plan) else None


def fire(
    ledger: Ledger,
    plan: int,
    *,
    pace: Pace | None = None,
    limit: int | None = None,
    means: Means | None = None,
) -> Receipt:
    """Send the postbacks of an approved plan that are due, and settle what killed runs left.

    A plan that was stopped, or whose process died, is fired again to go on. `limit` ends after
    that many postbacks: a few first, to look at the answers.

    Raises:
        FiringError: The plan is not approved, or was edited after it was made.
        NotAllowed: Its host is not the sandbox.
        AlreadyFiring: Another process fires from this ledger (exit code 3).
        WarehouseError: The ledger cannot be written: what was being sent stays `sending`, and the
            next start settles it.
        NotFound: There is no such plan.
    """
    row = ledger.plan_row(plan)
    host = ledger.allow(row["host"])
    with ledger.held():
        _check_approved(ledger, plan)
        run = ledger.begin_run(plan, process=os.getpid())
        pace = pace or Pace()
        queue = Queue(ledger, plan, run, lanes=max(lanes for _, lanes in pace.lanes))
        work = _Work(queue, pace, means or Means(), limit)
        try:
            _run(work.fire(host))
        except BaseException:
            queue.close()
            # Where the disk is full the end cannot be noted either; the first error is told.
            with suppress(WarehouseError):
                ledger.end_run(run, "error" if work.ended_by == "done" else work.ended_by)
            raise
        queue.close()
        ledger.end_run(run, work.ended_by)
        return Receipt(plan, run, ledger.counts(plan), work.ended_by, ledger.audit_head())


def _check_approved(ledger: Ledger, plan: int) -> None:
    row = ledger.plan_row(plan)
    digest = unedited(ledger, plan).hash
    if row["rows"] == 0:
        raise FiringError(
            f"plan {plan} holds nothing to fire: every row of it is blocked. Read why (reconcile "
            f"plan --show {plan} --host {row['host']}), mend that, and make a new plan."
        )
    if row["approved_hash"] is None:
        raise FiringError(
            f"plan {plan} is not approved; nothing was sent.\n"
            f"Read it, then approve it by typing: {row['phrase']}"
        )
    if row["approved_hash"] != digest:
        raise FiringError(
            f"plan {plan} is not the one that was approved; nothing was sent. Cancel it (reconcile "
            f"cancel {plan} --host {row['host']}) and make a new plan."
        )


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


class _Work:
    """One run over one plan."""

    def __init__(self, queue: Queue, pace: Pace, means: Means, limit: int | None) -> None:
        self.queue = queue
        self.ledger = queue.ledger
        self.pace = pace
        self.means = means
        self.ended_by = "done"
        self._failure: Exception | None = None
        self._checking: asyncio.Task[None] | None = None
        self._left = limit
        self._rate = pace.rate
        self._limiter = AsyncLimiter(1, 1 / pace.rate)
        self._host_free_at = 0.0
        self._stock: deque[Taken] = deque()
        self._restocking = asyncio.Lock()
        self._switches: dict[str, str] = {}
        self._read_at = -1.0
        self._breaker = Breaker()
        self._sources = Sources()
        self._random = random.SystemRandom()
        self._meter = Meter(self.ledger.counts(queue.plan), means.watch)

    async def fire(self, host: str) -> None:
        """Work in all lanes until nothing is due or something says stop."""
        self._host_free_at = self.queue.host_free_at(host)
        network = Network(
            self.ledger.allowed,
            self.means.tls or tls_for(host),
            self.means.transport,
        )
        async with asyncio.TaskGroup() as group:
            for mode, lanes in self.pace.lanes:
                for _ in range(lanes):
                    reuse = mode is Mode.DEDUPE
                    lane = Lane(host, reuse=reuse, patience=self.pace.patience, network=network)
                    group.create_task(self._work(lane, mode))
        self._meter.tell()
        if self._checking is not None:
            await self._checking
        if self.ended_by != "error":
            await self.queue.give_back(self._stock)
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
        due = self._due(mode)
        if due is None:
            return False
        if self._is_held() or due > 0:
            await self.means.sleep(min(max(due, _POLL), _LONGEST_POLL))
            return True
        await self._limiter.acquire()
        # While it waited for its turn, a stop or a full host may have come.
        if self._is_held():
            return True
        self._count(-1)
        taken = await self._taken(mode)
        if taken is None:
            self._count(+1)
        else:
            await self._sent(lane, taken)
        return True

    async def _sent(self, lane: Lane, taken: Taken) -> None:
        """Send what is on disk as taken, unless its source is inactive or a stop has come."""
        is_active = await self._sources.cleared(taken)
        if is_active and not self._is_switched_off():
            await self._settle(taken, await lane.send(taken.path, taken.body))
            return
        self._count(+1)
        self._sources.answered(taken, None)
        await self.queue.give_back([taken], inactive=not is_active)

    def _due(self, mode: Mode) -> float | None:
        if mode is Mode.DEDUPE and self._stock:
            return 0.0
        return self.queue.due(mode).seconds

    async def _taken(self, mode: Mode) -> Taken | None:
        """Return a postback whose taking is on disk; None if another lane had the last one."""
        if mode is Mode.ONCE:
            alone = await self.queue.take(mode, 1)
            return alone[0] if alone else None
        # Only where a second sending does no harm are more taken than are sent at once.
        async with self._restocking:
            if not self._stock:
                count = min(_BLOCK, math.ceil(self._rate))
                if self._left is not None:
                    count = min(count, self._left + 1)
                self._stock.extend(await self.queue.take(mode, count))
            return self._stock.popleft() if self._stock else None

    def _count(self, change: int) -> None:
        if self._left is not None:
            self._left += change

    def _is_switched_off(self) -> bool:
        now = time.monotonic()
        if now - self._read_at > _FRESH:
            self._read_at, self._switches = now, self.ledger.switches()
            self._look_for_news()
        switches = self._switches
        if self.ended_by == "done" and switches.get("stop") == "on":
            self.ended_by = "stopped"
        rate = float(switches.get("rate", self.pace.rate))
        if rate != self._rate:
            self._rate, self._limiter = rate, AsyncLimiter(1, 1 / rate)
        ended = self.ended_by in ("stopped", "error", "outdated")
        return ended or self._checking is not None or switches.get("pause") == "on"

    def _look_for_news(self) -> None:
        """Hold what has come against the rest of the plan; nothing goes out meanwhile."""
        news = self.means.news
        if self._checking is None and news is not None and news.has_come():
            self._checking = asyncio.get_running_loop().create_task(self._check(news))

    async def _check(self, news: News) -> None:
        try:
            await asyncio.to_thread(news.refuse)
        except FiringError as error:
            self._failure, self.ended_by = error, "outdated"
        except Exception as error:  # what could not be asked is no leave to send
            self._failure, self.ended_by = error, "error"
        finally:
            self._checking = None

    def _is_held(self) -> bool:
        """Say whether nothing may be taken now."""
        is_off = self._is_switched_off()
        if self.ended_by == "done" and self._left is not None and self._left <= 0:
            self.ended_by = "limit"
        return is_off or self.ended_by != "done" or self.ledger.clock() < self._host_free_at

    async def _settle(self, taken: Taken, answer: Answer) -> None:
        had_unknown = any(reason.in_doubt for reason in taken.earlier)
        first = classify(answer.status, answer.body, answer.error, taken.mode, had_unknown)
        verdict = limited(first, taken.earlier)
        next_at = self.ledger.clock() + self._wait(first, taken, answer)
        if first.wait is Wait.HOST:
            self._host_free_at = max(self._host_free_at, next_at)
        why = self._breaker.feed(verdict)
        if why is not None and self.ended_by == "done":
            self.ended_by = why
        outcome = Outcome(verdict, next_at=next_at, status=answer.status, answer=answer.body)
        try:
            await self.queue.settle(taken, outcome)
        finally:
            self._sources.answered(taken, verdict)
        self._meter.count(verdict.state)

    def _wait(self, verdict: Verdict, taken: Taken, answer: Answer) -> float:
        """Return the seconds until a postback may be sent again."""
        if verdict.wait is Wait.HOST:
            now = datetime.fromtimestamp(self.ledger.clock(), UTC)
            return retry_after(answer.retry_after, now)
        if verdict.wait is Wait.LOCK:
            return float(self.pace.lock_wait * 2 ** taken.earlier.count(Reason.LOCKED))
        longest = min(self.pace.longest_backoff, self.pace.backoff * 2 ** len(taken.earlier))
        return self._random.uniform(0, longest) if verdict.wait is Wait.BACKOFF else 0.0
