"""In any order of planning, approving, firing, losing answers and crashing the rules hold."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from firing_world import FAST, FakeTime, need, once
from reconcile.firing import Mode, PostbackState, approve, fire, make_plan, open_ledger
from reconcile.firing.engine import Means
from reconcile.firing.queue import Queue

S = PostbackState
# What a crash leaves behind is proven elsewhere, by processes that die: a disk would only be slow.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
HOST = "http://127.0.0.1:8900"
GOOD = {"status": "success", "type": "event", "message": "Event fired"}
DUPLICATE = {"status": "error", "message": "Duplicate event"}
PACE = replace(FAST, rate=10_000, lanes=((Mode.DEDUPE, 2), (Mode.ONCE, 1)))


def reply(status, content, headers=None):
    """Return an answer that is still to be read, as from a socket."""
    body = json.dumps(content).encode()
    return httpx.Response(status, stream=httpx.ByteStream(body), headers=headers)


class Firing(RuleBasedStateMachine):
    """A ledger, a platform that refuses doubles where it may, and everything that can go wrong."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.ledger = open_ledger(Path(self.folder.name))
        self.time = FakeTime(self.ledger)
        self.stored = Counter()
        self.faults = []
        self.plans = []

    def teardown(self):
        self.ledger.close()
        self.folder.cleanup()

    def platform(self, request):
        """Answer as the platform does, or as the next fault wants it."""
        fault = self.faults.pop(0) if self.faults else "none"
        body = json.loads(request.content)
        place = (body["event_id"], body["transaction_id"])
        if fault == "refuse":
            raise httpx.ConnectError("refused")
        if fault == "busy":
            return reply(429, {}, {"retry-after": "2"})
        if fault == "before":
            raise httpx.ReadError("reset")
        if body["event_id"] == "sale" and self.stored[place]:
            return reply(400, DUPLICATE)
        self.stored[place] += 1
        if fault == "after":
            raise httpx.ReadError("reset")
        if fault == "odd":
            return reply(200, "ok")
        return reply(200, GOOD)

    @rule(leads=st.sets(st.integers(0, 2), min_size=1), repeats=st.booleans())
    def plan(self, leads, repeats):
        """Plan some leads and approve it; what any plan holds already is left out."""
        make = once if repeats else need
        wanted = [make(transaction_id=f"t{n}") for n in sorted(leads)]
        made = make_plan(self.ledger, wanted, host=HOST)
        if made.rows:
            approve(self.ledger, made.id, made.phrase)
            self.plans.append(made.id)

    @rule(faults=st.lists(st.sampled_from(["refuse", "busy", "before", "after", "odd", "none"])))
    def trouble(self, faults):
        """Let the next answers be lost, odd or refused."""
        self.faults = faults

    @precondition(lambda self: self.plans)
    @rule(data=st.data(), limit=st.none() | st.integers(1, 3))
    def fire(self, data, limit):
        """Fire a plan, to its end or only a few of it."""
        means = Means(sleep=self.time.sleep, transport=httpx.MockTransport(self.platform))
        plan = data.draw(st.sampled_from(self.plans))
        fire(self.ledger, plan, pace=PACE, limit=limit, means=means)

    @precondition(lambda self: self.plans)
    @rule(data=st.data(), reads=st.booleans())
    def crash(self, data, reads):
        """Die between taking and settling, before or after the platform has read it."""
        plan = data.draw(st.sampled_from(self.plans))

        async def work():
            queue = Queue(self.ledger, plan, self.ledger.begin_run(plan, process=1))
            taken = await queue.take(Mode.DEDUPE, 1) + await queue.take(Mode.ONCE, 1)
            queue.close()
            return taken

        for taken in asyncio.run(work()):
            if reads:
                self.faults = []
                self.platform(httpx.Request("POST", HOST, content=taken.body))

    @rule(seconds=st.integers(1, 100))
    def tick(self, seconds):
        """Let time pass."""
        self.time.now += seconds

    @precondition(lambda self: self.plans)
    @rule(data=st.data())
    def cancel(self, data):
        """Take back what a plan has not sent."""
        self.ledger.cancel(data.draw(st.sampled_from(self.plans)))

    @invariant()
    def nothing_is_stored_twice(self):
        """Whatever happened: one postback of a lead and event, one event."""
        assert all(count <= 1 for count in self.stored.values())

    @invariant()
    def what_is_confirmed_is_stored_and_what_is_free_is_not(self):
        """A state never says more than is true; of a place that was planned again the last one."""
        rows = [row for plan in self.plans for row in self.ledger.query("intent_list", plan=plan)]
        last = {(row["event_id"], row["transaction_id"]): row["state"] for row in rows}
        for place, state in last.items():
            assert state != S.CONFIRMED or self.stored[place] == 1
            assert state != S.REJECTED or self.stored[place] == 0

    @invariant()
    def the_chain_holds(self):
        """Every change has its link."""
        assert self.ledger.audit_break() is None


Firing.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestFiring = Firing.TestCase
TestFiring.__doc__ = "Runs the machine above."
