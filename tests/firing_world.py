"""What the tests of firing share: a platform with three events, needs, and the truth."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from conftest import ROOT
from reconcile.firing import Pace, PostbackNeed, PostbackState, Reason, approve, fire, make_plan
from reconcile.firing.sender import Patience
from reconcile.sandbox import Rules
from reconcile.terms import EventSetting, Known

# `sale` does not repeat, `callback` does, and of `lead` nobody has said.
RULES = Rules(
    settings=(
        EventSetting("c1", "sale", is_conversion=Known.YES, allows_duplicates=Known.NO),
        EventSetting("c1", "callback", is_conversion=Known.NO, allows_duplicates=Known.YES),
        EventSetting("c1", "lead", is_conversion=Known.YES),
    ),
)
FAST = Pace(rate=1000, lock_wait=0.01, backoff=0.01)
# Where an answer never comes; all others wait long, because a busy machine may be slow.
HASTY = replace(FAST, patience=Patience(deadline=0.5))
_NEED = PostbackNeed(
    finding_ref="f1",
    campaign_id="c1",
    event_id="sale",
    transaction_id="t1",
    revenue=Decimal("40.00"),
    occurred_at=datetime.fromisoformat("2026-11-03 04:05:06"),
    pid="s77",
    currency="USD",
    allows_repeat=Known.NO,
)


def need(**changes) -> PostbackNeed:
    """Return the need of one sale of 40 dollars, changed; `sale` never repeats."""
    return _NEED._replace(**changes)


def once(**changes) -> PostbackNeed:
    """Return a need of which nobody knows whether it repeats."""
    return need(**{"event_id": "lead", "allows_repeat": Known.UNKNOWN, **changes})


def needs(count, make=need) -> list[PostbackNeed]:
    """Return needs of so many leads."""
    return [make(finding_ref=f"f{n}", transaction_id=f"t{n}") for n in range(count)]


def approved(ledger, wanted, host):
    """Return the number of a plan of all these needs, approved."""
    plan = make_plan(ledger, wanted, host=host)
    approve(ledger, plan.id, plan.phrase)
    return plan.id


def fired(ledger, wanted, host, *, pace=FAST, means=None) -> dict[PostbackState, int]:
    """Plan, approve and fire; return how many postbacks ended in each state."""
    return fire(ledger, approved(ledger, wanted, host), pace=pace, means=means).counts


class FakeTime:
    """A clock for a ledger that goes on only when somebody sleeps."""

    def __init__(self, ledger) -> None:
        self.now = 1_800_000_000.0
        ledger.clock = lambda: self.now

    async def sleep(self, seconds) -> None:
        """Let the time pass at once."""
        self.now += seconds
        await asyncio.sleep(0.001)


UNFINISHED = (PostbackState.APPROVED, PostbackState.SENDING, PostbackState.RETRYABLE)
UNSENT = (Reason.NOT_SENT, Reason.WITHHELD)


def assert_sound(ledger, log, *, unfinished=False) -> None:
    """Assert what holds after every scenario, whatever went wrong in it."""
    attempts = []
    for plan in ledger.query("plan_list"):
        states = set(ledger.counts(plan["id"]))
        assert unfinished or states.isdisjoint(UNFINISHED)
        attempts += ledger.query("attempt_list", plan=plan["id"])
    assert all(each["answered_at"] is not None for each in attempts)
    assert all(len(each["answer"] or b"") <= 2048 for each in attempts)
    sent = [each for each in attempts if each["reason"] not in UNSENT]
    assert len(sent) == log["read"]
    assert ledger.audit_break() is None


@contextmanager
def sandbox_process():
    """Serve a sandbox from another process; yield its address and a way to order faults."""
    path = [str(ROOT), str(ROOT / "tests")]
    code = (
        f"import sys; sys.path[:0] = {path!r}\n"
        "from firing_world import RULES\n"
        "from reconcile.sandbox import running_sandbox\n"
        "with running_sandbox(rules=RULES) as url:\n"
        "    print(url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], text=True, **pipes) as process:
        url = process.stdout.readline().strip()

        def order(**fault):
            body = json.dumps(fault).encode()
            urllib.request.urlopen(f"{url}/__fault", body).close()

        yield url, order
        process.stdin.close()


def truth(url) -> dict:
    """Return what the sandbox read and stored."""
    with urllib.request.urlopen(f"{url}/__log") as answer:
        return json.load(answer)


def doubles(log) -> list:
    """Return the (event, lead) pairs that were stored more than once."""
    places = [(each["event_id"], each["transaction_id"]) for each in log["events"]]
    return sorted({place for place in places if places.count(place) > 1})
