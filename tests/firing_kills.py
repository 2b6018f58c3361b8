"""Kills a firing process at random moments, and says whether a postback was doubled or lost.

By hand, for minutes: `python tests/firing_kills.py --kills 100 --rows 4000`. The firing process is
forked from one that has everything loaded already, so that a life takes a tenth of a second.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from firing_world import FAST, RULES, approved, doubles, need, needs, once  # noqa: E402
from reconcile.firing import PostbackState, fire, open_ledger  # noqa: E402
from reconcile.sandbox import Fault, FaultKind, Sandbox, running_sandbox  # noqa: E402

LEAST_LANDED = 30
PACE = replace(FAST, rate=400)
S = PostbackState


@dataclass(frozen=True)
class Result:
    """What a month of kills came to."""

    landed: int
    """Kills that left a row in `sending`."""
    counts: dict[PostbackState, int]
    doubled: list
    lost: list
    """Confirmed by the ledger, and not stored."""
    broken_audit: int | None
    unsettled: int
    lanes: int

    def faults(self, rows: int, *, may_repeat: bool) -> list[str]:
        """Say in sentences what is wrong; an empty list is good news."""
        allowed = {S.CONFIRMED} if may_repeat else {S.CONFIRMED, S.UNKNOWN}
        checks = {
            f"only {self.landed} kills left a row in sending": self.landed >= LEAST_LANDED,
            f"stored twice: {self.doubled}": not self.doubled,
            f"confirmed and not stored: {self.lost}": not self.lost,
            f"states: {self.counts}": set(self.counts) <= allowed,
            f"rows: {self.counts}": sum(self.counts.values()) == rows,
            f"more unknown than a kill can leave in {self.lanes} lanes: {self.counts}": (
                self.counts.get(S.UNKNOWN, 0) <= self.landed * self.lanes
            ),
            f"the audit breaks at {self.broken_audit}": self.broken_audit is None,
            f"{self.unsettled} attempts without an end": self.unsettled == 0,
        }
        return [text for text, holds in checks.items() if not holds]


def kill_often(home: Path, rows: int, kills: int, *, may_repeat: bool, seed: int = 0) -> Result:
    """Fire so many rows, killed while sending so many times, and at last to the end.

    A kill may come between two rows; on a slow machine many do, so up to twice as many are tried.
    """
    rng = random.Random(seed)
    ledger = open_ledger(home)
    slow = Fault(FaultKind.DELAY, times=10**9, seconds=0.005)
    sandbox = Sandbox(RULES, faults=[slow])
    with running_sandbox(sandbox) as url, breeder() as bred:
        plan = approved(ledger, needs(rows, need if may_repeat else once), url)
        landed = 0
        for _ in range(2 * kills):
            landed += _killed(ledger, sandbox, plan, bred, rng)
            if landed == kills:
                break
        while fire(ledger, plan, pace=PACE).ended_by != "done":
            continue
        log = sandbox.log()
    stored = Counter(each["transaction_id"] for each in log["events"])
    intents = ledger.query("intent_list", plan=plan)
    confirmed = [row["transaction_id"] for row in intents if row["state"] == S.CONFIRMED]
    unsettled = [each for each in ledger.query("attempt_list", plan=plan) if not each["state"]]
    result = Result(
        landed,
        ledger.counts(plan),
        doubles(log),
        [lead for lead in confirmed if not stored[lead]],
        ledger.audit_break(),
        len(unsettled),
        dict(PACE.lanes)["once"],
    )
    ledger.close()
    return result


def _killed(ledger, sandbox, plan, bred, rng) -> bool:
    """Let one process fire and kill it; say whether it was sending."""
    before = len(sandbox.requests)
    pid = bred(ledger.path.parent.parent, plan)
    try:
        sandbox.wait_read(before + 1, timeout=20)
    except TimeoutError:
        return False  # nothing was left to send
    time.sleep(rng.uniform(0, 0.03))
    os.kill(pid, signal.SIGKILL)
    bred()
    return bool(ledger.query("sending_left"))


BREED = """
import os, sys
from pathlib import Path
from firing_kills import PACE
from reconcile.firing import fire, open_ledger
for line in sys.stdin:
    home, plan = line.split()
    pid = os.fork()
    if pid == 0:
        fire(open_ledger(Path(home)), int(plan), pace=PACE)
        os._exit(0)
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("gone", flush=True)
"""


@contextmanager
def breeder():
    """Yield what forks a firing process and returns its id; called bare it waits for its end."""
    code = f"import sys; sys.path[:0] = {[str(ROOT), str(ROOT / 'tests')]!r}\n{BREED}"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], text=True, **pipes) as process:

        def bred(home=None, plan=None):
            if home is None:
                return process.stdout.readline()
            process.stdin.write(f"{home} {plan}\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield bred
        process.stdin.close()


def main() -> None:
    """Kill for as long as it was asked for, and print what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=4000)
    asked = parser.parse_args()
    wrong = []
    for may_repeat in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            result = kill_often(
                Path(folder), asked.rows, asked.kills, may_repeat=may_repeat, seed=asked.kills
            )
        counts = {str(state): count for state, count in result.counts.items()}
        print(f"{'dedupe' if may_repeat else 'once'}: {result.landed} kills landed, {counts}")
        wrong += result.faults(asked.rows, may_repeat=may_repeat)
    print("\n".join(wrong) or "nothing doubled, nothing lost, nothing unfinished")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
