"""The seventeen ways in which firing can go wrong, over real sockets, in both modes.

Each ends with what the ledger says, how often the platform read it and how often it stored it.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

import psutil
import pytest

from conftest import ROOT
from firing_world import (
    FAST,
    HASTY,
    RULES,
    FakeTime,
    approved,
    assert_sound,
    fired,
    need,
    needs,
    once,
    sandbox_process,
    truth,
)
from reconcile.errors import NotAllowed
from reconcile.firing import PostbackState, Reason, fire, make_plan, open_ledger
from reconcile.firing.engine import Means
from reconcile.firing.sender import Patience
from reconcile.sandbox import Fault, FaultKind, Sandbox, StoredEvent, running_sandbox

S = PostbackState
F = FaultKind
BOTH = pytest.mark.parametrize("make", [need, once])
DUP = Reason.DUP_AFTER_UNKNOWN
GOOD = Reason.ACCEPTED


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


# Faults; state, reason, read, stored in `dedupe`; state, reason, read, stored in `once`.
LOST = Reason.NO_ANSWER
ODD = Reason.UNRECOGNISED
SCENARIOS = {
    "1 none": ([], (S.CONFIRMED, GOOD, 1, 1), (S.CONFIRMED, GOOD, 1, 1)),
    "2 stored, silent": (
        [Fault(F.SILENT_AFTER)],
        (S.CONFIRMED, DUP, 2, 1),
        (S.UNKNOWN, LOST, 1, 1),
    ),
    "2 stored, dropped": ([Fault(F.DROP_AFTER)], (S.CONFIRMED, DUP, 2, 1), (S.UNKNOWN, LOST, 1, 1)),
    "3 read, silent": (
        [Fault(F.SILENT_BEFORE)],
        (S.CONFIRMED, GOOD, 2, 1),
        (S.UNKNOWN, LOST, 1, 0),
    ),
    "4 half answer": ([Fault(F.HALF_AFTER)], (S.CONFIRMED, DUP, 2, 1), (S.UNKNOWN, LOST, 1, 1)),
    "10 503 twice": (
        [Fault(F.ANSWER_BEFORE, 2, status=503, headers={"retry-after": "0"})],
        (S.CONFIRMED, GOOD, 3, 1),
        (S.UNKNOWN, Reason.UNAVAILABLE, 1, 0),
    ),
    "10 500 once": (
        [Fault(F.ANSWER_BEFORE, status=500)],
        (S.CONFIRMED, GOOD, 2, 1),
        (S.UNKNOWN, Reason.SERVER_ERROR, 1, 0),
    ),
    "12 huge": (
        [Fault(F.ANSWER_AFTER, status=200, size=5_000_000)],
        (S.CONFIRMED, DUP, 2, 1),
        (S.UNKNOWN, ODD, 1, 1),
    ),
    "12 drip": (
        [Fault(F.DRIP_AFTER, seconds=0.1)],
        (S.CONFIRMED, DUP, 2, 1),
        (S.UNKNOWN, LOST, 1, 1),
    ),
    "12 garbage": ([Fault(F.GARBLE_AFTER)], (S.CONFIRMED, DUP, 2, 1), (S.UNKNOWN, LOST, 1, 1)),
    "12 400 KB header": (
        [Fault(F.ANSWER_AFTER, status=200, body="{}", headers={"x": "y" * 400_000})],
        (S.CONFIRMED, DUP, 2, 1),
        (S.UNKNOWN, LOST, 1, 1),
    ),
}


@BOTH
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_fault_has_exactly_one_outcome(ledger, name, make):
    """The table of scenarios, each line in both modes."""
    faults, dedupe, in_once = SCENARIOS[name]
    sandbox = Sandbox(RULES, faults=[replace(fault) for fault in faults])
    with running_sandbox(sandbox) as url:
        is_silent = any(fault.kind.startswith(("silent", "drip")) for fault in faults)
        fired(ledger, [make()], url, pace=HASTY if is_silent else FAST)
        log = truth(url)
    (row,) = ledger.query("intent_list", plan=1)
    found = (row["state"], row["reason"], log["read"], log["stored"])
    assert found == (dedupe if make is need else in_once)
    assert_sound(ledger, log)


class Peers(Sandbox):
    """A sandbox that remembers from which connection each postback came."""

    def __init__(self, *args, **changes):
        super().__init__(*args, **changes)
        self.peers = []

    async def __call__(self, scope, receive, send):
        if scope.get("path", "").startswith("/api/"):
            self.peers.append(scope["client"])
        await super().__call__(scope, receive, send)


@BOTH
@pytest.mark.parametrize("kind", [F.RESET_BEFORE, F.DROP_BEFORE])
def test_5_a_line_that_breaks_after_reading(ledger, make, kind):
    """A connection that had served before may break: `dedupe` sends again, `once` had a new one."""
    fault = Fault(kind, transaction_id="t1")
    sandbox = Peers(RULES, faults=[fault])
    lanes = replace(FAST, lanes=tuple((mode, 1) for mode, _ in FAST.lanes))
    with running_sandbox(sandbox) as url:
        counts = fired(ledger, needs(2, make), url, pace=lanes)
        log = truth(url)
    if make is need:
        assert (counts, log["read"], log["stored"]) == ({S.CONFIRMED: 2}, 3, 2)
        assert sandbox.peers[0] == sandbox.peers[1] != sandbox.peers[2]
    else:
        assert (counts, log["read"]) == ({S.CONFIRMED: 1, S.UNKNOWN: 1}, 2)
        assert len(set(sandbox.peers)) == 2
    assert_sound(ledger, log)


CERTIFICATE = ROOT / "tests" / "data" / "platform_test.pem"


def free_port():
    """Return a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def names(monkeypatch):
    """Let `platform.test` be this machine, from the moment that it is `known`."""
    ask, known = socket.getaddrinfo, {"known": True}

    def getaddrinfo(host, *args, **changes):
        if host in ("platform.test", b"platform.test"):
            if not known["known"]:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            host = "127.0.0.1"
        return ask(host, *args, **changes)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@BOTH
@pytest.mark.parametrize("trouble", ["refused", "dns", "bad certificate", "plain", "silent"])
def test_6_no_connection_then_well(home, names, make, trouble):
    """What never left the machine may be sent again in both modes, and is stored once."""
    port = free_port()
    ledger = open_ledger(home, sandbox=False, allowed=[f"platform.test:{port}"])
    trusted = ssl.create_default_context(cafile=CERTIFICATE)
    hasty = replace(FAST, patience=Patience(connect=0.3, deadline=2.0))
    plan = approved(ledger, [make()], f"https://platform.test:{port}")
    first = Means(tls=ssl.create_default_context() if trouble == "bad certificate" else trusted)
    names["known"] = trouble != "dns"
    with in_trouble(trouble, port):
        assert fire(ledger, plan, pace=hasty, means=first, limit=1).counts == {S.RETRYABLE: 1}
    names["known"] = True
    sandbox = Sandbox(RULES)
    with running_sandbox(sandbox, port=port, tls=(CERTIFICATE, CERTIFICATE)):
        assert fire(ledger, plan, pace=FAST, means=Means(tls=trusted)).counts == {S.CONFIRMED: 1}
    assert (sandbox.log()["read"], sandbox.stored) == (1, 1)
    reasons = [row["reason"] for row in ledger.query("attempt_list", plan=plan)]
    assert reasons == [Reason.NOT_SENT, Reason.ACCEPTED]
    assert_sound(ledger, sandbox.log())
    ledger.close()


@contextmanager
def in_trouble(trouble, port):
    """Listen as the trouble wants it."""
    if trouble == "bad certificate":
        with running_sandbox(Sandbox(RULES), port=port, tls=(CERTIFICATE, CERTIFICATE)):
            yield
    elif trouble == "plain":
        with running_sandbox(Sandbox(RULES), port=port):
            yield
    elif trouble == "silent":
        with socket.create_server(("127.0.0.1", port)):
            yield
    else:
        yield


def waits(ledger):
    """Return the seconds between the attempts, by the ledger's clock."""
    times = [
        datetime.fromisoformat(row["taken_at"]) for row in ledger.query("attempt_list", plan=1)
    ]
    return [(b - a).total_seconds() for a, b in pairwise(times)]


@BOTH
def test_7_a_lock_is_waited_for_ever_longer(ledger, make):
    """A 403 that names the lock is proven not processed: both modes wait, doubled, and send."""
    body = '{"message":"Another request is in progress"}'
    time = FakeTime(ledger)
    with running_sandbox(
        Sandbox(RULES, faults=[Fault(F.ANSWER_BEFORE, 2, status=403, body=body)])
    ) as url:
        pace = replace(FAST, lock_wait=5.0)
        counts = fired(ledger, [make()], url, pace=pace, means=Means(sleep=time.sleep))
        log = truth(url)
    assert (counts, log["read"], log["stored"]) == ({S.CONFIRMED: 1}, 3, 1)
    first, second = waits(ledger)
    assert first >= 5
    assert second >= 10
    assert_sound(ledger, log)


@BOTH
def test_8_an_inactive_source_is_noticed_at_once(ledger, make):
    """Of 500 rows of one source at most 3 are sent; the rest is held back."""
    rules = replace(RULES, inactive_sources=frozenset({"s77"}))
    with running_sandbox(rules=rules) as url:
        counts = fired(ledger, needs(500, make), url)
        log = truth(url)
    assert 1 <= log["read"] <= 3
    assert log["stored"] == 0
    assert counts == {S.REJECTED: log["read"], S.CANCELLED: 500 - log["read"]}
    assert_sound(ledger, log)


@BOTH
def test_9_a_host_that_is_full_is_left_alone_as_a_whole(ledger, make):
    """A 429 that asks for a second pauses all lanes, after a restart too."""
    time = FakeTime(ledger)
    full = Fault(F.ANSWER_BEFORE, status=429, headers={"retry-after": "1"})
    means = Means(sleep=time.sleep)
    with running_sandbox(Sandbox(RULES, faults=[full])) as url:
        plan = approved(ledger, needs(2, make), url)
        one = replace(FAST, lanes=tuple((mode, 1) for mode, _ in FAST.lanes))
        assert fire(ledger, plan, pace=one, means=means, limit=1).counts[S.RETRYABLE] == 1
        assert fire(ledger, plan, pace=one, means=means).counts == {S.CONFIRMED: 2}
        log = truth(url)
    assert (log["read"], log["stored"]) == (3, 2)
    assert waits(ledger)[0] >= 1
    assert_sound(ledger, log)


@BOTH
def test_11_a_redirect_is_not_followed(ledger, make):
    """The other host hears nothing."""
    other = Sandbox(RULES)
    with running_sandbox(other) as elsewhere:
        away = Fault(F.ANSWER_BEFORE, status=307, headers={"location": f"{elsewhere}/api/event/c1"})
        with running_sandbox(Sandbox(RULES, faults=[away])) as url:
            counts = fired(ledger, [make()], url)
            log = truth(url)
    assert (counts, log["read"], log["stored"]) == ({S.REJECTED: 1}, 1, 0)
    assert other.requests == []
    assert_sound(ledger, log)


def test_12_a_huge_answer_is_not_kept_in_memory(ledger):
    """Answers of 5 MB, from another process, leave no trace in ours."""
    with sandbox_process() as (url, order):
        order(kind="answer_after", status=200, size=5_000_000, times=8)
        plan = approved(ledger, needs(8, once), url)
        lanes = replace(FAST, lanes=tuple((mode, 1) for mode, _ in FAST.lanes))
        fire(ledger, plan, pace=lanes, limit=2)
        before = psutil.Process().memory_info().rss
        fire(ledger, plan, pace=lanes, limit=2)
        grown = psutil.Process().memory_info().rss - before
        log = truth(url)
    assert grown < 1024 * 1024
    assert ledger.counts(plan) == {S.UNKNOWN: 4, S.APPROVED: 4}
    assert (log["read"], log["stored"]) == (4, 4)


@BOTH
def test_16_what_may_not_be_sent_is_not_sent(home, ledger, make):
    """STOP, and a host that is not on the list: nothing is read, and the message says why."""
    with running_sandbox(rules=RULES) as url:
        plan = approved(ledger, needs(2, make), url)
        ledger.stop_file.touch()
        assert fire(ledger, plan, pace=FAST).ended_by == "stopped"
        live = open_ledger(home, sandbox=False, allowed=["platform.test"])
        made = make_plan(live, [make()], host="https://platform.test")
        live.allowed = frozenset()
        with pytest.raises(NotAllowed, match=r"'https://platform\.test' is not a target"):
            fire(live, made.id)
        live.close()
        log = truth(url)
    assert log["read"] == 0
    assert_sound(ledger, log, unfinished=True)


def test_17_what_is_there_with_other_revenue(ledger):
    """The platform refuses the second; an export tells that the revenue differs."""
    there = StoredEvent("sale", "t1", "c1", amount=Decimal("35"))
    with running_sandbox(Sandbox(RULES, events=[there])) as url:
        counts = fired(ledger, [need()], url)
        log = truth(url)
    assert (counts, log["read"], log["stored"]) == ({S.ALREADY_THERE: 1}, 1, 0)
    assert_sound(ledger, log)


def test_a_lane_is_renewed_after_a_deadline(ledger):
    """After an answer that never ended the next one is heard, in the same lane."""
    sandbox = Sandbox(RULES, faults=[Fault(F.SILENT_BEFORE, 3)])
    pace = replace(FAST, lanes=tuple((mode, 1) for mode, _ in FAST.lanes))
    with running_sandbox(sandbox) as url:
        pace = replace(pace, patience=Patience(deadline=0.1))
        assert fired(ledger, needs(4, once), url, pace=pace) == {S.UNKNOWN: 3, S.CONFIRMED: 1}
        assert_sound(ledger, truth(url))
