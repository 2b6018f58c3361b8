"""kill -9 in the middle of firing: no postback is stored twice, and none is lost."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from conftest import ROOT
from firing_kills import LEAST_LANDED, kill_often
from firing_world import FAST, RULES, approved, assert_sound, doubles, need, needs, once, truth
from reconcile.errors import WarehouseError
from reconcile.firing import PostbackState, fire, open_ledger
from reconcile.sandbox import Sandbox, running_sandbox

S = PostbackState
ROWS = 60
FIRE = """
import sys
from pathlib import Path
from firing_world import FAST
from reconcile.errors import ReconcileError
from reconcile.firing import fire, open_ledger
try:
    fire(open_ledger(Path(sys.argv[1])), int(sys.argv[2]), pace=FAST)
except ReconcileError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def firing_process(home, plan):
    """Start a process that fires a plan."""
    path = [str(ROOT), str(ROOT / "tests")]
    code = f"import sys; sys.path[:0] = {path!r}\n{FIRE}"
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home), str(plan)], stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("may_repeat", [True, False])
def test_13_a_killed_process_doubles_nothing_and_loses_nothing(home, may_repeat):
    """After each kill the next start settles what was left, from the ledger alone."""
    result = kill_often(home, 400, LEAST_LANDED, may_repeat=may_repeat)
    assert result.faults(400, may_repeat=may_repeat) == []


def test_14_of_two_processes_one_is_turned_away(home):
    """The second ends with exit code 3 and says why; the first stores every postback once."""
    ledger = open_ledger(home)
    sandbox = Sandbox(RULES)
    with running_sandbox(sandbox) as url:
        plan = approved(ledger, needs(ROWS, once), url)
        first = firing_process(home, plan)
        sandbox.wait_read(1)
        ledger.switch("pause", "on")
        second = firing_process(home, plan)
        _, told = second.communicate()
        ledger.switch("pause", "off")
        _, errors = first.communicate()
        log = truth(url)
    assert (second.returncode, first.returncode) == (3, 0), errors
    assert "another process is firing" in told
    assert (log["read"], log["stored"], doubles(log)) == (ROWS, ROWS, [])
    assert ledger.counts(plan) == {S.CONFIRMED: ROWS}
    ledger.close()


class Waiting(Sandbox):
    """A sandbox that reads all but the first only after somebody says so."""

    def __init__(self):
        super().__init__(RULES)
        self.go = threading.Event()
        self.asked = 0

    async def __call__(self, scope, receive, send):
        if scope.get("method") == "POST":
            self.asked += 1
            while self.asked > 1 and not self.go.is_set():
                await asyncio.sleep(0.01)
        await super().__call__(scope, receive, send)


@pytest.mark.parametrize("make", [need, once])
def test_14_without_its_lock_file_two_processes_still_store_once(home, make):
    """Compare-and-set alone: the second takes over, and the first stops at what it lost."""
    lanes = dict(FAST.lanes)["once" if make is once else "dedupe"]
    ledger = open_ledger(home)
    begin = ledger.begin_run
    sandbox = Waiting()
    with running_sandbox(sandbox) as url:
        plan = approved(ledger, needs(ROWS, make), url)
        first = firing_process(home, plan)
        while sandbox.asked < 1 + lanes:
            time.sleep(0.01)
        ledger.path.with_name(f"{ledger.path.name}.lock").unlink()
        ledger.begin_run = lambda *args, **named: (begin(*args, **named), sandbox.go.set())[0]
        fire(ledger, plan, pace=FAST)
        _, told = first.communicate()
        assert fire(ledger, plan, pace=FAST).ended_by == "done"
        log = truth(url)
    assert (log["stored"], doubles(log)) == (ROWS, [])
    assert (first.returncode, "settled by another process" in told) == (2, True)
    # What the first was sending is stored, and unknown to the second, where none may repeat.
    unknown = {S.UNKNOWN: lanes} if make is once else {}
    assert ledger.counts(plan) == {S.CONFIRMED: ROWS - sum(unknown.values()), **unknown}
    assert ledger.audit_break() is None
    ledger.close()


class Sick(Sandbox):
    """A sandbox that makes the ledger's disk sick in the moment between storing and answering."""

    def __init__(self, fall_ill):
        super().__init__(RULES)
        self.fall_ill = fall_ill

    def _store(self, event, cost):
        super()._store(event, cost)
        self.fall_ill()


@pytest.fixture
def disk():
    """Return how a disk can be full, and heal it afterwards."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size=1: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("make", [need, once])
@pytest.mark.parametrize("trouble", ["full", "locked"])
@pytest.mark.parametrize("when", ["take", "settle"])
def test_15_a_ledger_that_cannot_be_written(home, disk, make, trouble, when):
    """At the take nothing is sent; at the settle firing stops, and the next start settles it."""
    ledger = open_ledger(home, timeout=0.2)
    other = sqlite3.connect(ledger.path, check_same_thread=False, isolation_level=None)
    ill = []

    def fall_ill():
        if not ill:
            ill.append(trouble)
            disk() if trouble == "full" else other.execute("begin immediate")

    sandbox = Sick(fall_ill if when == "settle" else lambda: None)
    with running_sandbox(sandbox) as url:
        plan = approved(ledger, [make()], url)
        if when == "take":
            begin = ledger.begin_run
            ledger.begin_run = lambda *args, **named: (begin(*args, **named), fall_ill())[0]
        with pytest.raises(WarehouseError, match="locked" if trouble == "locked" else "disk"):
            fire(ledger, plan, pace=FAST)
        assert len(sandbox.requests) == (when == "settle")
        disk(resource.RLIM_INFINITY)
        other.close()
        assert ledger.counts(plan) == {S.SENDING if when == "settle" else S.APPROVED: 1}
        counts = fire(ledger, plan, pace=FAST).counts
        log = truth(url)
    if when == "take":
        assert (counts, log["read"], log["stored"]) == ({S.CONFIRMED: 1}, 1, 1)
    elif make is need:
        assert (counts, log["read"], log["stored"]) == ({S.CONFIRMED: 1}, 2, 1)
    else:
        assert (counts, log["read"], log["stored"]) == ({S.UNKNOWN: 1}, 1, 1)
    assert_sound(ledger, log)
    ledger.close()
