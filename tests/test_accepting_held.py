"""Which claims an accepted pair holds back that a run does not have: its own, and those like it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from deciding_world import NOVEMBER, finding, named, store_run
from reconcile import Store
from reconcile.accepting import held_claims, unmade_pairs
from reconcile.asked import accepted_now
from reconcile.deciding import decide, undo_decision
from reconcile.decisions import add_match
from reconcile.terms import Kind

AT = datetime(2026, 11, 4, 12)


def claim(name: str = "t3", amount: str = "25.00", **changed):
    """Return the accepted claim of acme, under another id unless it is changed otherwise."""
    return finding(name, amount, **{"at": AT, **changed})


@pytest.fixture
def store(home):
    with Store(home) as opened:
        yield opened


def accept(store: Store) -> int:
    """Accept the claim t2, 25.00, as that of an event without an id; return the decision."""
    done = decide(store, store_run(store, [claim("t2")]), "accept", only=named("t2"))
    said = {"event_id": "sale", "claim_key": "t2", "event_key": "null"}
    said |= {"claim_at": AT.isoformat(" "), "event_at": AT.isoformat(" ")}
    add_match(store.catalog, done.decision, said | {"claim_e4": 250_000, "event_e4": 250_000})
    return done.decision


def asked_run(store: Store, *rows) -> str:
    """Keep a run of these rows that was asked to make the pairs accepted so far."""
    record = store.run(store_run(store, rows))
    folder = store.new_run_dir()
    shutil.copytree(store.run_path(record.id), folder, dirs_exist_ok=True)
    asked = json.loads(record.params_json) | {"accepted": accepted_now(store, Kind.CLAIM)}
    store.record_run(replace(record, id=folder.name, params_json=json.dumps(asked)))
    return folder.name


def held(store: Store, *rows) -> list[str | None]:
    """Return of a run of these rows, which has not the pair, what is the same of those held."""
    run = asked_run(store, *rows)
    return [one.same for one in held_claims(store, run).values()]


@pytest.mark.parametrize(
    ("back", "same"),
    [
        (claim(), "time, amount"),
        (claim(amount="25.75"), "time"),
        (claim(at=AT + timedelta(days=7)), "amount"),
        (claim("t2", "26.00", at=AT + timedelta(hours=1)), "id"),
        (claim(at=None), "amount"),
        (claim(buyer=None, campaign_id=None), "time, amount"),
        (claim("t2", at=AT + timedelta(days=20)), None),
        (claim("t2", "26.00"), None),
    ],
)
def test_what_may_be_the_accepted_claim_is_held_back(store, back, same):
    """By its own id, or by its time or amount where the accepted one is gone."""
    assert accept(store) == 1
    assert held(store, back) == [same]


@pytest.mark.parametrize(
    "other",
    [
        claim(buyer="bolt"),
        claim(campaign_id="c2"),
        claim(event_id="signup"),
        claim(amount="26.00", at=AT + timedelta(hours=1)),
        claim(at=AT + timedelta(days=7, seconds=1)),
        claim(**{"class": "unknown_lead"}),
    ],
)
def test_another_claim_is_not_held_back(store, other):
    accept(store)
    assert held(store, other) == []


def test_beside_the_accepted_claim_only_one_that_says_the_same_is_held_back(store):
    """A newer file that withdraws nothing leaves it there; another amount is another claim then."""
    accept(store)
    assert held(store, claim("t2"), claim()) == [None, "time, amount"]
    assert held(store, claim("t2"), claim(amount="25.75")) == [None]


def test_a_claim_like_it_is_free_once_a_person_has_said_so(store):
    """By a decision after that on the pair, or by taking that one back."""
    number = accept(store)
    decide(store, store_run(store, [claim()]), "accept", only=named("t3"))
    assert held(store, claim()) == []
    assert held(store, claim("t4")) == ["time, amount"]
    undo_decision(store, number)
    assert held(store, claim("t4")) == []


def test_pairs_that_are_not_made_are_listed_with_what_may_be_theirs(store):
    """Of the period only: what lies outside is no run's business."""
    accept(store)
    run = asked_run(store, claim(), claim("t4", "26.00"))
    [row] = unmade_pairs(store, run)
    assert (row["claim_now"], row["event_now"]) == ("gone", "moved, paired or gone")
    assert row["claim_revenue"] == Decimal("25.0000")
    assert row["may_be"] == "claim:b1:2 claim:b1:3"
    december = {"date_from": NOVEMBER.date_to, "date_to": NOVEMBER.date_to + timedelta(days=31)}
    later = store_run(store, [], parameters=replace(NOVEMBER, **december))
    assert unmade_pairs(store, later) == []
