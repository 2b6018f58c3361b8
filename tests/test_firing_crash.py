"""kill -9 in the middle of firing: no postback is stored twice, and none is lost."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from conftest import ROOT
from firing_world import FAST, RULES, approved, doubles, need, needs, once, truth
from reconcile.firing import PostbackState, fire, open_ledger
from reconcile.sandbox import Sandbox, running_sandbox

S = PostbackState
ROWS = 60
KILLS = 4
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


def killed_while_firing(home, plan, sandbox, reads):
    """Fire in a process and kill it once the sandbox has read so many postbacks in all."""
    process = firing_process(home, plan)
    sandbox.wait_read(reads)
    process.send_signal(signal.SIGKILL)
    _, told = process.communicate()
    assert process.returncode == -signal.SIGKILL, told


@pytest.mark.parametrize("make", [need, once])
def test_a_killed_process_doubles_nothing_and_loses_nothing(home, make):
    """After each kill the next start settles what was left, from the ledger alone."""
    ledger = open_ledger(home)
    sandbox = Sandbox(RULES)
    with running_sandbox(sandbox) as url:
        plan = approved(ledger, needs(ROWS, make), url)
        for kill in range(KILLS):
            killed_while_firing(home, plan, sandbox, reads=5 + kill * 11)
        counts = fire(ledger, plan, pace=FAST).counts
        log = truth(url)
    assert set(counts) <= {S.CONFIRMED, S.UNKNOWN}
    assert sum(counts.values()) == ROWS
    assert doubles(log) == []
    assert ledger.audit_break() is None
    # One connection a lane: no more than its lanes can be left open by one kill.
    assert counts.get(S.UNKNOWN, 0) <= (0 if make is need else KILLS * 2)
    check_states(ledger, plan, log)
    ledger.close()


def check_states(ledger, plan, log):
    """Confirmed ones are stored; each request read belongs to an attempt of the ledger."""
    stored = {each["transaction_id"] for each in log["events"]}
    rows = ledger.query("intent_list", plan=plan)
    assert {row["transaction_id"] for row in rows if row["state"] == S.CONFIRMED} <= stored
    attempts = ledger.query("attempt_list", plan=plan)
    assert log["read"] <= len(attempts)
    assert all(each["answered_at"] is not None for each in attempts)


def test_of_two_processes_one_is_turned_away(home):
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
