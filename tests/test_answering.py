"""What a buyer was sent, answers and credits: kept with the finding, and added up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli_help import assert_refused, call
from deciding_world import finding, named, pair, states, store_run
from reconcile import Store, decide, findings, history, state, undo_decision
from reconcile.deciding import standing
from reconcile.decisions import Credit, credited
from reconcile.errors import BadParameters
from reconcile.state import Database

UNCLAIMED = {"class": "unclaimed_event"}
ROWS = [
    finding("t1", "40.00", **UNCLAIMED, side="event", file="events.csv"),
    finding("t2", "60.00", **UNCLAIMED, side="event", file="events.csv", buyer="bolt"),
    *pair("t3", "40.00", "35.00"),
    finding("t4", None, **UNCLAIMED, side="event", file="events.csv", currency=None),
]


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Return a store with one run of four findings."""
    with Store(home) as made:
        store_run(made, ROWS)
        yield made


def say(store: Store, action: str, *ids: str, **said: object) -> int:
    """Record a step on findings; return the decision's number."""
    made = decide(store, store.runs()[0].id, action, only=named(*ids), **said)
    return made.decision


def credit(store: Store, name: str, amount: str | None, **more: object) -> int:
    """Record a credit of a finding; return the decision's number."""
    value = None if amount is None else Decimal(amount)
    return say(store, "credit", name, credit=Credit(value, **more))


def now(store: Store, name: str) -> tuple[str, Decimal | None]:
    """Return the state of a finding and what is credited for it."""
    [row] = findings(store, store.runs()[0].id, only=named(name))
    return row["state"], row["credited"]


def test_a_dispute_goes_on_step_by_step_and_back(store):
    """Sent, answered, credited in part, credited in full; each step can be taken back."""
    seen = []
    for step, said in (
        ("dispute", {}),
        ("send", {"reason": "pack 1"}),
        ("answer", {"note": "Jo looks"}),
        ("credit", {"credit": Credit(Decimal(15))}),
    ):
        say(store, step, "t1", **said)
        seen.append(now(store, "t1"))
    assert seen == [
        ("disputed", None),
        ("sent", None),
        ("answered", None),
        ("credited", Decimal(15)),
    ]
    last = credit(store, "t1", None)
    assert now(store, "t1") == ("credited", Decimal(40))
    undo_decision(store, last)
    assert now(store, "t1") == ("credited", Decimal(15))
    undo_decision(store, last - 1)
    assert now(store, "t1") == ("answered", None)
    actions = [row["action"] for row in history(store, "t1")]
    assert actions == ["dispute", "send", "answer", "credit", "credit"]
    assert [row["credit"] for row in history(store, "t1")][-2:] == [Decimal(15), Decimal(25)]


@pytest.mark.parametrize("step", ["sent", "answered", "credited"])
def test_findings_are_filtered_by_how_far_their_dispute_is(store, step):
    """Each step is a state of its own."""
    say(store, "send", "t1")
    say(store, "answer", "t2", note="no")
    credit(store, "t3", "5")
    run = store.runs()[0].id
    only = {"sent": "t1", "answered": "t2", "credited": "t3"}[step]
    assert states(store, run, state=step) == {only: step}
    assert standing(store, run).decided == 3


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("t1", {"amount": Decimal("40.01")}, "0.01 too much"),
        ("t1", {"amount": Decimal(5), "currency": "CAD"}, "is in USD"),
        ("t1", {"amount": Decimal(0)}, "above zero"),
        ("t1", {"amount": Decimal("-1")}, "above zero"),
        ("t1", {"amount": Decimal("NaN")}, "above zero"),
        ("t1", {"amount": Decimal("0.00001")}, "four decimals"),
        ("t4", {"amount": Decimal(5), "beyond": True}, "no currency of its own"),
        ("t4", {"amount": Decimal(5), "currency": "USD"}, "5.00 too much"),
        ("t4", {"currency": "USD"}, "nothing is open"),
    ],
)
def test_a_credit_that_cannot_be_set_against_its_finding_is_refused(store, name, given, words):
    """Nothing is recorded."""
    with pytest.raises(BadParameters, match=words):
        say(store, "credit", name, credit=Credit(**given))
    assert history(store) == []


def test_more_than_is_at_stake_is_credited_only_if_it_is_said(store):
    """Parts add up; the third would go beyond."""
    credit(store, "t1", "15.00")
    credit(store, "t1", "25.00")
    with pytest.raises(BadParameters, match=r"40.00 credited before; 0.01 more would be 0.01 too"):
        credit(store, "t1", "0.01")
    with pytest.raises(BadParameters, match="nothing is open"):
        credit(store, "t1", None)
    credit(store, "t1", "1.00", beyond=True)
    assert now(store, "t1") == ("credited", Decimal(41))


def test_a_step_in_bulk_is_on_all_or_none(store):
    """One finding in another state of credits takes the whole decision back."""
    credit(store, "t1", "40.00")
    with pytest.raises(BadParameters, match=r"events.csv:2"):
        say(store, "credit", "t1", "t2", credit=Credit())
    made = decide(store, store.runs()[0].id, "credit", only=named("t2", "t3"), credit=Credit())
    assert made.credits == {"USD": Decimal(65)}


@pytest.mark.parametrize(
    ("action", "said", "words"),
    [
        ("answer", {}, "needs its note"),
        ("credit", {}, "--credit 40.00"),
        ("dispute", {"credit": Credit(Decimal(1))}, "--credit 40.00"),
    ],
)
def test_a_step_lacks_nothing_that_it_needs(store, action, said, words):
    """An answer says what was answered, a credit how much."""
    with pytest.raises(BadParameters, match=words):
        say(store, action, "t1", **said)


@settings(max_examples=60, deadline=None)
@given(
    stakes=st.tuples(st.integers(0, 10_000), st.integers(0, 10_000) | st.none()),
    asked=st.lists(
        st.tuples(st.integers(1, 4_000) | st.none(), st.sampled_from(("EUR", "USD"))), max_size=8
    ),
)
def test_credits_add_up_and_stay_within_what_is_at_stake(stakes, asked):
    """In each currency of a finding, whatever is tried in whatever order, unless it may."""
    row = {"file": "f", "line": 2, "currency": "EUR", "at_stake_e4": stakes[0]}
    row |= {"other_currency": None if stakes[1] is None else "USD", "other_at_stake_e4": stakes[1]}
    stake = {"EUR": stakes[0]} | ({} if stakes[1] is None else {"USD": stakes[1]})
    total = dict.fromkeys(stake, 0)
    for amount, code in asked:
        said = Credit(None if amount is None else Decimal(amount).scaleb(-4), code)
        before = [{"currency": one, "e4": e4} for one, e4 in total.items() if e4]
        still = stake.get(code, 0) - total.get(code, 0)
        try:
            [made] = credited([{**row, "credits": before}], said)
        except BadParameters:
            assert code not in stake or (not still if amount is None else amount > still)
        else:
            assert (made["credit_e4"], made["credit_currency"]) == (amount or still, code)
            total[code] += made["credit_e4"]
    assert all(total[code] <= stake[code] for code in stake)


def test_a_home_from_before_there_were_steps_is_brought_up_to_date(home, monkeypatch, tmp_path):
    """What was decided then still counts, and goes on."""
    with Store(tmp_path / "new") as store:
        run = store_run(store, ROWS)
        decide(store, run, "dispute", only=named("t1"))
        kept = {
            table: dict(store.catalog._connection().execute(f"select * from {table}").fetchone())
            for table in ("decision", "decided_finding")
        }
    known = state._migrations("catalog")
    with monkeypatch.context() as patch:
        before = known[: known.index("0022_decision_step")]
        patch.setattr(state, "_migrations", lambda folder: before)
        old = Database.open(home / "catalog.sqlite", migrations="catalog")
        for table, stored in kept.items():
            later = ("step", "credit_", "other_")
            row = {k: v for k, v in stored.items() if not k.startswith(later)}
            names = ", ".join(row)
            holes = ", ".join(f":{name}" for name in row)
            old._connection().execute(f"insert into {table} ({names}) values ({holes})", row)
        old.close()
    with Store(home) as store:
        assert store.catalog.schema_version() == len(known)
        store_run(store, ROWS)
        assert now(store, "t1") == ("disputed", None)
        credit(store, "t1", "40.00")
        assert now(store, "t1") == ("credited", Decimal(40))
        assert [row["action"] for row in history(store)] == ["credit", "dispute"]


def test_answers_are_recorded_on_the_command_line(store):
    """One finding by its name, many by filter; an amount is for one finding."""
    ran = call("answer", "events.csv:2", "--credit", "15", "--note", "Jo: a part")
    assert ran.code == 0, ran
    assert "1 finding credited, 15.00 USD." in ran.out
    shown = call("findings", "--state", "credited").out
    assert "15.00" in shown
    assert "credited 15.00 of 40.00 USD" in call("history", "events.csv:2").out
    assert_refused(
        call("answer", "--filter", "buyer=acme", "--credit", "5", "--yes"),
        "is credited for one finding, and 3 are",
    )
    done = call("answer", "--filter", "id=t1,t2", "--credit", "full", "--yes")
    assert "2 findings credited, 85.00 USD." in done.out
    assert_refused(call("answer", "events.csv:2"), "needs its note")
    assert_refused(call("answer", "events.csv:2", "--credit", "much"), "is no amount")
    assert_refused(call("answer", "events.csv:2", "--beyond", "--note", "x"), "--credit AMOUNT")
