"""What can be decided, on which findings, and where that leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from deciding_world import finding, named, pair, states, store_run
from reconcile import FindingFilter, ReconcileError, Store, decide, history, undo_decision
from reconcile import findings as list_findings
from reconcile.errors import BadParameters, NotFound
from reconcile.filtering import finding_tables
from reconcile.reading import finding_totals

ROWS = [
    finding("t1", "10.00"),
    finding("t2", "50.00", buyer="bolt", at=datetime(2026, 11, 9, 10)),
    *pair("t3", "40.00", "35.00", event_id="lead", campaign_id="c2"),
    finding("t4", "7.50", **{"class": "unclaimed_event"}, side="event", file="events.csv"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a store with one run of four findings."""
    with Store(tmp_path / "home") as made:
        store_run(made, ROWS)
        yield made


def newest(store: Store) -> str:
    """Return the id of the newest run."""
    return store.runs()[0].id


def say(store: Store, action: str, *ids: str, **said: object) -> int:
    """Decide on findings by their ids; return the decision's number."""
    reason = {"reason": "why"} if action == "ignore" else {}
    made = decide(store, newest(store), action, only=named(*ids), **{**reason, **said})
    assert made.decision is not None
    return made.decision


def test_states_have_one_shape_whether_anything_was_said_or_not(store):
    """Where nothing was said they are made without looking, and no type may differ."""
    shapes = []
    for _ in range(2):
        with finding_tables(store, newest(store)) as engine:
            tables = [engine._con.table(name) for name in ("finding_state", "finding_closed")]
            shapes.append([(table.columns, [*map(str, table.types)]) for table in tables])
        say(store, "accept", "t1")
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("accept", "accepted"),
        ("reject", "rejected"),
        ("ignore", "ignored"),
        ("dispute", "disputed"),
        ("reopen", "open"),
        ("note", "open"),
        ("assign", "open"),
    ],
)
def test_a_decision_leaves_its_finding_in_its_state(store, action, state):
    """Notes and assignments change none; the other findings stay open."""
    more = {"note": {"note": "see mail"}, "assign": {"assignee": "ann"}}.get(action, {})
    say(store, action, "t1", **more)
    assert states(store, newest(store)) == {"t1": state, "t2": "open", "t3": "open", "t4": "open"}


def test_the_last_decision_counts_and_a_note_keeps_the_state(store):
    """An ignored finding that is disputed and noted is disputed, with the note and the assignee."""
    say(store, "ignore", "t1")
    say(store, "assign", "t1", assignee="ann")
    say(store, "dispute", "t1")
    say(store, "note", "t1", note="sent on Monday")
    [row] = list_findings(store, newest(store), only=named("t1"))
    told = {name: row[name] for name in ("state", "stale", "assignee", "note")}
    assert told == {
        "state": "disputed",
        "stale": None,
        "assignee": "ann",
        "note": "sent on Monday",
    }


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        ({"row_class": "missing_event"}, {"t1", "t2"}),
        ({"reason": "amount"}, {"t3"}),
        ({"buyer": "bolt"}, {"t2"}),
        ({"campaign": "c2"}, {"t3"}),
        ({"event": "lead"}, {"t3"}),
        ({"at_least": Decimal("7.50"), "at_most": Decimal(10)}, {"t1", "t4"}),
        ({"at_most": Decimal(5)}, {"t3"}),
        ({"day_from": date(2026, 11, 4)}, {"t2"}),
        ({"day_to": date(2026, 11, 3)}, {"t1", "t3", "t4"}),
        ({"ids": ("t1", "event:b1:6")}, {"t1", "t4"}),
        ({"ids": ("acme.csv:3",)}, {"t2"}),
        ({"ids": ("event:e1:5",)}, {"t3"}),
        ({"search": "T"}, {"t1", "t2", "t3", "t4"}),
    ],
)
def test_findings_are_decided_on_by_filter(store, only, ids):
    """All that pass are decided on, and no other; a pair is meant by either of its rows."""
    made = decide(store, newest(store), "accept", only=FindingFilter(**only))
    assert {name for name, state in states(store, newest(store)).items() if state != "open"} == ids
    assert made.findings == len(ids)


def test_findings_are_filtered_by_state_staleness_and_assignee(store):
    """What was decided can be asked for, and what nobody has."""
    say(store, "accept", "t1")
    say(store, "assign", "t2", assignee="ann")
    run = newest(store)
    assert states(store, run, state="open").keys() == {"t2", "t3", "t4"}
    assert states(store, run, state="accepted").keys() == {"t1"}
    assert states(store, run, assignee="ann").keys() == {"t2"}
    assert states(store, run, assignee="").keys() == {"t1", "t3", "t4"}
    assert states(store, run, stale=True) == {}
    totals = finding_totals(store, run, only=FindingFilter(state="accepted"))
    assert [(row["findings"], row["at_stake"]) for row in totals] == [(1, Decimal(10))]


def test_a_dry_run_counts_and_sums_and_decides_nothing(store):
    """It says which states the findings are in; the history stays empty."""
    say(store, "accept", "t1")
    only = FindingFilter(row_class="missing_event")
    tried = decide(store, newest(store), "ignore", only=only, reason="x", dry_run=True)
    told = [(row["state"], row["findings"], row["at_stake"]) for row in tried.totals]
    assert told == [("open", 1, Decimal(50)), ("accepted", 1, Decimal(10))]
    assert (tried.decision, tried.findings) == (None, 2)
    assert len(history(store)) == 1


def test_ids_that_name_no_finding_are_told(store):
    """The others are decided on."""
    made = decide(store, newest(store), "accept", only=named("t1", "t9", "claim:b1:99"))
    assert (made.findings, made.unknown) == (1, ("claim:b1:99", "t9"))


@pytest.mark.parametrize(
    ("action", "said", "words"),
    [
        ("forget", {}, "'forget'; as accept, reject"),
        ("ignore", {}, "needs its reason"),
        ("ignore", {"reason": "  "}, "needs its reason"),
        ("note", {}, "needs its note"),
        ("assign", {}, "needs its assignee"),
        ("accept", {"assignee": "ann"}, "Only `assign`"),
        ("accept", {"expect": 2}, "2 findings were meant and 1 pass"),
    ],
)
def test_what_cannot_be_meant_is_refused(store, action, said, words):
    """Nothing is decided."""
    with pytest.raises(BadParameters, match=words):
        decide(store, newest(store), action, only=named("t1"), **said)
    assert history(store) == []


def test_nothing_passes_and_nothing_is_decided(store):
    """A filter that finds nothing is told, not recorded."""
    with pytest.raises(NotFound, match="No finding of run"):
        decide(store, newest(store), "accept", only=named("t9"))
    assert history(store) == []


def test_history_tells_who_when_why_and_on_which_facts(store):
    """All decisions, the newest first; of a finding all that was said of it, the oldest first."""
    say(store, "ignore", "t1", "t3", user="ann")
    say(store, "accept", "t3", user="bob", note="after the call")
    told = [(one["decision"], one["decided_by"], one["action"]) for one in history(store)]
    assert told == [(2, "bob", "accept"), (1, "ann", "ignore")]
    assert history(store)[1]["asked"] == '{"ids":["t1","t3"]}'
    entries = history(store, "t3")
    assert [(one["action"], one["reason"], one["note"]) for one in entries] == [
        ("ignore", "why", None),
        ("accept", None, "after the call"),
    ]
    facts = {(one["class"], one["class_reason"], one["revenue"]) for one in entries}
    assert facts == {("revenue_mismatch", "amount", Decimal("35.0000"))}
    assert {one["partner"] for one in entries} == {Decimal("40.0000")}


def test_a_finding_is_asked_for_by_any_of_its_names(store):
    """Its name in every run, its ref, its place in a file, or its transaction id."""
    say(store, "accept", "t1")
    [row] = list_findings(store, newest(store), only=named("t1"))
    for name in (row["finding"], row["ref"], "acme.csv:2", "t1"):
        assert [one["action"] for one in history(store, name)] == ["accept"], name
    assert history(store, "t2") == []
    with pytest.raises(NotFound, match="names no finding of run"):
        history(store, "acme.csv:99")
    with pytest.raises(NotFound, match="There is no decision 7"):
        history(store, decision=7)


def test_an_undo_brings_back_what_was_decided_before(store):
    """On all findings of the decision; both stay in the history."""
    say(store, "accept", "t1")
    taken = say(store, "ignore", "t1", "t2")
    undo_decision(store, taken, user="ann")
    assert states(store, newest(store), ids=("t1", "t2")) == {"t1": "accepted", "t2": "open"}
    assert [(one["action"], one["undone_by"]) for one in history(store)] == [
        ("undo", None),
        ("ignore", 3),
        ("accept", None),
    ]


def test_an_undo_of_an_older_decision_leaves_what_came_after(store):
    """A finding decided on again since keeps its state; the others lose theirs."""
    first = say(store, "ignore", "t1", "t2")
    say(store, "dispute", "t1")
    undo_decision(store, first)
    assert states(store, newest(store), ids=("t1", "t2")) == {"t1": "disputed", "t2": "open"}


def test_a_decision_is_taken_back_once(store):
    """Not twice, not an undo, and not one that is not there."""
    undo_decision(store, say(store, "accept", "t1"))
    for number, words in ((1, "taken back before, by decision 2"), (2, "took one back")):
        with pytest.raises(BadParameters, match=words):
            undo_decision(store, number)
    with pytest.raises(NotFound, match="no decision 9; the newest is 2"):
        undo_decision(store, 9)


def test_a_word_that_is_no_state_is_refused(store):
    """The text lists those that there are."""
    with pytest.raises(ReconcileError, match=r"No state is called 'done'.*open, accepted"):
        FindingFilter(state="done")
