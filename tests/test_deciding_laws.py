"""Laws of decisions, on random histories and random runs."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from deciding_world import finding, named, states, store_run
from reconcile import FindingFilter, Store, decide, history, undo_decision
from reconcile import findings as list_findings
from reconcile.reading import finding_totals
from reconcile.terms import Action, FindingState

IDS = ("t1", "t2", "t3")
LEAVES = {
    Action.ACCEPT: "accepted",
    Action.REJECT: "rejected",
    Action.IGNORE: "ignored",
    Action.DISPUTE: "disputed",
    Action.SEND: "sent",
    Action.ANSWER: "answered",
    Action.REOPEN: "open",
}
some_ids = st.sets(st.sampled_from(IDS), min_size=1)
# A credit takes an amount; its law is in test_answering.py.
ACTIONS = [action for action in Action if action is not Action.CREDIT]
decisions = st.tuples(st.sampled_from(ACTIONS), some_ids)
# An undo takes back the decision of this number, counted round those that may be taken back.
steps = st.lists(st.one_of(decisions, st.integers(0, 5)), min_size=1, max_size=5)
LAW = settings(max_examples=8, deadline=None)


def say(store: Store, run: str, action: Action, ids: set[str]) -> int:
    """Decide with all that an action needs; return the decision's number."""
    said = {
        Action.IGNORE: {"reason": "why"},
        Action.NOTE: {"note": "seen"},
        Action.ANSWER: {"note": "no"},
        Action.ASSIGN: {"assignee": "ann"},
    }
    made = decide(store, run, action, only=named(*sorted(ids)), **said.get(action, {}))
    assert made.decision is not None
    return made.decision


def replayed(store: Store) -> dict[str, str]:
    """Replay the history in Python: what counts, in its order, gives the state."""
    found = dict.fromkeys(IDS, "open")
    counting = [one for one in reversed(history(store)) if one["undone_by"] is None]
    for one in counting:
        if one["action"] in LEAVES:
            for entry in history(store, decision=one["decision"]):
                found[entry["transaction_id"]] = LEAVES[one["action"]]
    return found


@given(steps=steps)
@LAW
def test_replaying_the_history_gives_the_state_and_undo_the_state_before(steps):
    """After every step; the undo of the last one brings back what was before it."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        run = store_run(store, [finding(name) for name in IDS])
        standing: list[int] = []
        for step in steps:
            before = states(store, run)
            if isinstance(step, tuple):
                standing.append(say(store, run, *step))
                undo_decision(store, standing[-1])
                assert states(store, run) == before
                standing[-1] = say(store, run, *step)
            elif standing:
                undo_decision(store, standing.pop(step % len(standing)))
            assert states(store, run) == replayed(store)


@given(left=st.sampled_from(ACTIONS), right=st.sampled_from(ACTIONS), ids=some_ids)
@LAW
def test_the_order_of_independent_decisions_does_not_matter(left, right, ids):
    """Two decisions on other findings, either first: the same states."""
    ends = []
    for turned in (False, True):
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
            run = store_run(store, [finding(name) for name in (*IDS, "t4")])
            both = [(left, ids), (right, {*IDS, "t4"} - ids)]
            for action, chosen in reversed(both) if turned else both:
                say(store, run, action, chosen)
            ends.append(states(store, run))
    assert ends[0] == ends[1]


row = st.builds(
    finding,
    st.sampled_from(("t1", "t2", "AB", "", "0")),
    st.sampled_from(("40.00", "40.01", None)),
    event_id=st.sampled_from(("sale", None)),
    status=st.sampled_from(("sold", None)),
    **{"class": st.sampled_from(("missing_event", "duplicate_claim"))},
)


def content(one: dict) -> tuple:
    """Return what a stored row says, without where it stands."""
    names = ("transaction_id", "revenue", "event_id", "status", "class")
    return tuple(str(one[name]) for name in names)


@given(
    rows=st.lists(row, min_size=1, max_size=6),
    more=st.lists(row, max_size=4),
    seed=st.integers(0, 9),
)
@LAW
def test_a_decision_stands_in_a_superset_in_any_order(rows, more, seed):
    """Every old row keeps its state, whatever came beside it; every new one is open."""
    shuffler = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        run = store_run(store, rows)
        chosen = shuffler.sample(range(len(rows)), k=shuffler.randint(1, len(rows)))
        only = FindingFilter(ids=tuple(f"acme.csv:{number + 2}" for number in chosen))
        decide(store, run, "ignore", only=only, reason="why")
        before = Counter((content(one), one["state"]) for one in list_findings(store, run))
        later = [{**one, "batch": f"b{shuffler.randint(2, 4)}"} for one in (*rows, *more)]
        shuffler.shuffle(later)
        found = list_findings(store, store_run(store, later))
        after = Counter((content(one), one["state"]) for one in found)
        assert all(one["stale"] is None for one in found)
        assert after - before == Counter((content(one), "open") for one in _as_stored(more))


def _as_stored(rows: list[dict]) -> list[dict]:
    """Return rows with their amounts as a run keeps them."""
    return [
        {**one, "revenue": None if one["revenue"] is None else f"{one['revenue']:.4f}"}
        for one in rows
    ]


@given(fates=st.lists(st.sampled_from(("stands", "moved", "gone")), min_size=1, max_size=8))
@LAW
def test_each_finding_is_in_one_state_and_moves_as_its_row_does(fates):
    """What stands keeps its state, what moved is stale, what is gone is closed by evidence."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        named_rows = {f"t{number}": fate for number, fate in enumerate(fates)}
        run = store_run(store, [finding(name) for name in named_rows])
        decide(store, run, "accept", only=FindingFilter())
        amounts = {"stands": "40.00", "moved": "39.00"}
        kept = [(n, amounts[fate]) for n, fate in named_rows.items() if fate != "gone"]
        later = store_run(store, [finding(name, amount) for name, amount in kept])
        ends = {"stands": "accepted", "moved": "accepted (amount)", "gone": "closed"}
        closed = states(store, later, state="closed")
        assert states(store, later) | closed == {n: ends[fate] for n, fate in named_rows.items()}
        each = {
            state: finding_totals(store, later, only=FindingFilter(state=state))
            for state in FindingState
        }
        assert sum(row["findings"] for rows in each.values() for row in rows) == len(fates)
