"""How decisions are kept: only added to, all or none, by many processes, in an older home, too."""

from __future__ import annotations

import pytest

from deciding_world import finding, named, states, store_run
from reconcile import FindingFilter, Store, decide, history, state, undo_decision
from reconcile import findings as list_findings
from reconcile.errors import WarehouseError
from reconcile.state import Database
from reconcile.warehouse.aliases import aliases
from tests.warehouse_data import finish, python


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with Store(home) as opened:
        yield opened


@pytest.mark.parametrize(
    "statement",
    [
        "update decision set decided_by = 'eve'",
        "update decided_finding set class = 'matched'",
        "delete from decided_finding",
        "delete from decision",
    ],
)
def test_what_was_decided_can_neither_be_edited_nor_removed(store, statement):
    """Whatever program tries."""
    decide(store, store_run(store, [finding("t1")]), "accept", only=named("t1"), user="ann")
    with pytest.raises(Exception, match=r"cannot be edited|never forgotten"):
        store.catalog._connection().execute(statement)
    assert [one["decided_by"] for one in history(store)] == ["ann"]


def test_an_older_home_is_brought_up_to_date(home, monkeypatch):
    """A catalog from before there were decisions keeps what it had, and takes them."""
    known = state._migrations("catalog")
    before = known[: known.index("0013_decision")]
    with monkeypatch.context() as patch:
        patch.setattr(state, "_migrations", lambda folder: before)
        old = Database.open(home / "catalog.sqlite", migrations="catalog")
        assert old.schema_version() == 12
        said = {"dimension": "buyer", "spelling": "ACME", "known_name": "acme", "said_by": "ann"}
        old.execute("warehouse/add_alias", **said, changed_at="2026-11-01 00:00:00.000000")
        old.close()
    with Store(home) as store:
        assert [one.spelling for one in aliases(store.catalog)] == ["ACME"]
        run = store_run(store, [finding("t1")])
        decide(store, run, "accept", only=named("t1"))
        assert states(store, run) == {"t1": "accepted"}


def test_a_decision_is_on_all_of_its_findings_or_on_none(store):
    """A row that cannot be kept takes the whole decision back."""
    run = store_run(store, [finding("t1"), finding("t2", file=None)])
    with pytest.raises(WarehouseError, match="NOT NULL"):
        decide(store, run, "accept", only=FindingFilter())
    assert history(store) == []
    assert states(store, run) == {"t1": "open", "t2": "open"}


RACE = """
from reconcile import FindingFilter, decide
run = store.runs()[0].id
(store.home / "ready{me}").touch()
while not (store.home / "ready{other}").exists():
    pass
for number in range({first}, {first} + 6):
    only = FindingFilter(ids=(f"t{{number}}",))
    decide(store, run, "{action}", only=only, user="{me}")
"""


def test_two_processes_decide_at_once_and_none_is_lost(home):
    """Every decision is in the history; where both met, the later one counts."""
    with Store(home) as store:
        run = store_run(store, [finding(f"t{number}") for number in range(9)])
        started = [
            python(RACE.format(me=me, other=3 - me, first=first, action=action), home)
            for me, first, action in ((1, 0, "accept"), (2, 3, "reject"))
        ]
        for process in started:
            finish(process)
        assert len(history(store)) == 12
        last = {}
        for one in reversed(history(store)):
            [entry] = history(store, decision=one["decision"])
            last[entry["transaction_id"]] = {"accept": "accepted", "reject": "rejected"}[
                one["action"]
            ]
        assert states(store, run) == last
        assert {row["finding"].count(".") for row in list_findings(store, run)} == {0}


def _calls(store, monkeypatch, run, only) -> int:
    """Return how often a decision and its undo ask SQLite."""
    calls = []
    for name in ("query", "execute", "execute_many"):
        whole = getattr(Database, name)
        monkeypatch.setattr(
            Database, name, lambda *a, _f=whole, **k: (calls.append(a[1]), _f(*a, **k))[1]
        )
    made = decide(store, run, "accept", only=only)
    undo_decision(store, made.decision)
    monkeypatch.undo()
    return len(calls)


def test_many_findings_take_as_many_questions_as_one(store, monkeypatch):
    """No finding is asked for by itself, so that a hundred thousand take seconds."""
    run = store_run(store, (finding(f"t{number}") for number in range(3000)))
    one = _calls(store, monkeypatch, run, named("t7"))
    assert _calls(store, monkeypatch, run, FindingFilter()) == one
    decide(store, run, "ignore", only=FindingFilter(), reason="why")
    assert set(states(store, run).values()) == {"ignored"}
