"""A run that is held in memory answers as one that is read anew, whatever is decided meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from deciding_world import finding, named, pair, store_run
from reconcile import FindingFilter, Store, decide, finding_totals, findings, headlines
from reconcile.decisions import undo_decision
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import HeldRun, finding_tables

NEAR = ("nearest", "nearest_ref")
"""What only `findings` tells."""
ROWS = [
    finding("t1", file="in/acme.csv"),
    finding("t2", "12.50", buyer="borealis", flags="late;odd"),
    finding("t3", "7.00", **{"class": "timing", "reason": "not_due"}),
    finding("T 4", None, event_id=None),
    *pair("t5", "40.00", "30.00"),
    *[row | {"currency": code} for row, code in zip(pair("t6", "9", "8"), "AB", strict=True)],
]
QUESTIONS = [
    (FindingFilter(), "-at_stake"),
    (FindingFilter(all_classes=True), "file"),
    (FindingFilter(row_class="missing_event", search="T"), "-day"),
    (FindingFilter(buyer="acme", at_least=Decimal(8)), "state"),
    (FindingFilter(currency="B"), "revenue"),
    (FindingFilter(ids=("T4", "acme.csv:2", "event:e1:7"), all_classes=True), "class"),
    (FindingFilter(state="closed"), "transaction_id"),
    (FindingFilter(state="ignored", stale=False), "-event"),
]


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path) as opened:
        yield opened


def assert_same(store: Store, held: HeldRun, questions: list = QUESTIONS) -> None:
    """Hold the answers of a held run against those of the stored one, row by row."""
    for only, order in questions:
        told = findings(store, held.id, only=only, order=order, limit=100)
        expected = [{key: row[key] for key in row if key not in NEAR} for row in told]
        assert held.findings(only, order=order, limit=100) == expected
        assert held.findings(only, order=order, limit=2, offset=1) == expected[1:3]
        assert held.totals(only) == finding_totals(store, held.id, only=only)


def test_a_held_run_sees_each_decision_at_once(store):
    """After every step, also those that are taken back, and those on a run made later."""
    first = store_run(store, ROWS)
    held = HeldRun(store, first)
    assert_same(store, held)
    assert headlines(store, first, held=held) == headlines(store, first)
    assert len(held.findings(FindingFilter(), limit=100)) == 5
    done = decide(store, first, "ignore", only=named("t1", "t2", "t5"), reason="known")
    assert_same(store, held, QUESTIONS[-1:])
    undo_decision(store.catalog, done.decision)
    assert_same(store, held, QUESTIONS[-1:])
    for name, action in {"t1": "accept", "t2": "dispute", "t6": "reject"}.items():
        decide(store, first, action, only=named(name))
    decide(store, first, "assign", only=FindingFilter(), assignee="ann")
    assert_same(store, held)
    moved = [row | {"revenue": Decimal(5)} for row in ROWS if row["transaction_id"] != "t2"]
    later = HeldRun(store, store_run(store, moved))
    assert [row["transaction_id"] for row in later.findings(FindingFilter(state="closed"), limit=9)]
    assert_same(store, later)
    decide(store, later.id, "reopen", only=named("t1"))
    for one in (held, later):
        assert_same(store, one, QUESTIONS[3:4])


def test_a_held_run_lends_tables_for_several_questions_and_goes_on(store):
    """What is kept for one who decides is not what the next question is answered from."""
    held = HeldRun(store, store_run(store, ROWS))
    for _ in range(2):
        only = FindingFilter(buyer="borealis")
        with finding_tables(store, held.id, only, kept=True, held=held) as engine:
            [total] = engine.records("deciding/chosen_total")
            assert total["findings"] == 1
        decide(store, held.id, "accept", only=only, held=held)
        assert [row["state"] for row in held.findings(only, limit=9)] == ["accepted"]
        assert len(held.findings(FindingFilter(), limit=100)) == 5
        decide(store, held.id, "reopen", only=only, held=held)
        assert [row["state"] for row in held.findings(only, limit=9)] == ["open"]


def test_threads_share_a_held_run(store):
    """Each gets the answer to its own question."""
    held = HeldRun(store, store_run(store, ROWS))
    names = ["t1", "t2", "t5", "t6"] * 5
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda name: held.findings(named(name), limit=9), names)
        assert [[row["transaction_id"] for row in rows] for rows in found] == [[n] for n in names]


def test_a_held_run_refuses_what_the_stored_one_refuses(store):
    held = HeldRun(store, store_run(store, ROWS))
    with pytest.raises(NotFound, match="no rows of a buyer 'acne'"):
        held.findings(FindingFilter(buyer="acne"), limit=1)
    with pytest.raises(NotFound, match="no rows of a buyer 'acne'"):
        held.totals(FindingFilter(buyer="acne"))
    with pytest.raises(BadParameters, match="cannot be ordered by"):
        held.findings(FindingFilter(), order="colour", limit=1)
    with pytest.raises(NotFound, match="nowhere"):
        HeldRun(store, "nowhere")
    assert held.findings(FindingFilter(), limit=1)


def test_what_is_refused_half_way_is_not_what_the_next_question_is_answered_from(store):
    """The filter before and the one after it are made anew, and both are right."""
    held = HeldRun(store, store_run(store, ROWS))
    before, after = FindingFilter(buyer="borealis"), FindingFilter(buyer="acme")
    for only in (before, after, before):
        assert held.totals(only) == finding_totals(store, held.id, only=only)
        with pytest.raises(NotFound, match="no decision 7"):
            held.totals(FindingFilter(decision=7))
        assert held.totals(only) == finding_totals(store, held.id, only=only)
