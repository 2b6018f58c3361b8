"""A plan is written in parts: it is whole or nothing, and nobody has to wait for all of it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from conftest import ROOT
from firing_world import FAST, RULES, approved, need, needs
from reconcile.errors import FiringError, NotFound
from reconcile.firing import approve, drafting, drafts, fire, load_plan, make_plan, open_ledger
from reconcile.sandbox import running_sandbox

HOST = "http://127.0.0.1:8900"


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


def test_others_write_while_a_long_plan_is_made(ledger, home, monkeypatch):
    """A firing process waits for a part of it at most: its own patience is a tenth of a second."""
    monkeypatch.setattr(drafting, "_CHUNK", 10)

    def long():
        for n, one in enumerate(needs(50)):
            if n % 10 == 5:
                with closing(open_ledger(home, timeout=0.1)) as other:
                    other.switch("rate", "5")
                    assert other.query("plan_list") == []
            yield one

    assert make_plan(ledger, long(), host=HOST).rows == 50
    assert ledger.audit_break() is None


def test_a_plan_that_was_refused_half_way_leaves_nothing(ledger, monkeypatch):
    """Its places are free again at once."""
    monkeypatch.setattr(drafting, "_CHUNK", 2)

    def broken():
        yield from needs(5)
        raise FiringError("no more")

    with pytest.raises(FiringError, match="no more"):
        make_plan(ledger, broken(), host=HOST)
    assert ledger.query("draft_list") == []
    assert ledger.query("intent_last")[0]["id"] == 0
    assert make_plan(ledger, needs(5), host=HOST).rows == 5


KILLED = """
import os, sys
sys.path[:0] = {path!r}
from pathlib import Path
from firing_world import need, needs
from reconcile.firing import drafting, make_plan, open_ledger
drafting._CHUNK = 10
def killed():
    for n, one in enumerate(needs(100)):
        if n == 75:
            os._exit(137)
        yield one if n % 2 else need(pid=None)
make_plan(open_ledger(Path({home!r})), killed(), host={host!r})
"""


def test_what_a_killed_planner_leaves_is_no_plan_and_is_swept(ledger, home):
    """Nobody sees, approves or fires it; the next plan has its places."""
    path = [str(ROOT), str(ROOT / "tests")]
    code = KILLED.format(path=path, home=str(home), host=HOST)
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 137
    assert [row["id"] for row in ledger.query("draft_list")] == [1]
    assert len(ledger.query("intent_list", plan=1)) == 35
    assert ledger.query("plan_list") == []
    with pytest.raises(NotFound, match="there are: none"):
        load_plan(ledger, 1)
    with pytest.raises(NotFound):
        approve(ledger, 1, "")
    with pytest.raises(NotFound):
        fire(ledger, 1, pace=FAST)
    made = make_plan(ledger, needs(100), host=HOST)
    assert (made.rows, made.blocked_rows) == (100, 0)
    assert ledger.query("draft_list") == []
    assert ledger.query("intent_list", plan=1) == []
    assert ledger.query("blocked_count", plan=1) == []
    assert [row["action"] for row in ledger.query("audit_list")] == ["sweep", "plan"]


def test_only_a_draft_is_let_go(ledger):
    """Whatever statement tries: of a plan nothing is ever removed."""
    make_plan(ledger, [need(), need(transaction_id="t2", pid=None)], host=HOST)
    with closing(sqlite3.connect(ledger.path)) as door:
        for table in ("intent", "blocked_row", "plan"):
            with pytest.raises(sqlite3.IntegrityError, match="forgets nothing"):
                door.execute(f"delete from {table}")
            door.rollback()


def test_two_planners_go_one_after_the_other(ledger, home, monkeypatch):
    """The second one would take the first one's draft for that of a killed one."""
    monkeypatch.setattr(drafts, "_PATIENCE", 0.1)

    def first():
        with (
            closing(open_ledger(home)) as other,
            pytest.raises(FiringError, match=r"making a plan.*then plan again"),
        ):
            make_plan(other, needs(3), host=HOST)
        yield need()

    assert make_plan(ledger, first(), host=HOST).rows == 1


def test_a_plan_fires_while_another_one_is_made(ledger, home, monkeypatch):
    """All of it is confirmed, though the other one is never finished."""
    monkeypatch.setattr(drafting, "_CHUNK", 1)
    with running_sandbox(rules=RULES) as url, closing(open_ledger(home, timeout=0.1)) as other:
        plan = approved(ledger, needs(5), url)

        def meanwhile():
            yield need(transaction_id="x1")
            assert sum(fire(other, plan, pace=FAST).counts.values()) == 5
            yield need(transaction_id="x2")

        assert make_plan(ledger, meanwhile(), host=url).rows == 2
