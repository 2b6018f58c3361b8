"""A decision is on the finding: it is found again whatever file, batch or line that stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from deciding_world import NOVEMBER, finding, named, pair, states, store_run
from reconcile import FindingFilter, Store, decide, history
from reconcile import findings as list_findings
from reconcile.matching.parameters import Cover


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with Store(tmp_path / "home") as made:
        yield made


def ignored(store: Store, rows, *ids, **run) -> str:
    """Keep a run of rows and ignore some of its findings, all by default; return the run."""
    run_id = store_run(store, rows, **run)
    only = named(*ids) if ids else FindingFilter()
    decide(store, run_id, "ignore", only=only, reason="why")
    return run_id


def test_a_decision_is_found_in_another_file_batch_and_line(store):
    """Line, file, batch and the other rows play no part."""
    ignored(store, [finding("t1")])
    again = [finding("t0"), finding("t1", batch="b2", file="acme_again.csv"), finding("t2")]
    assert states(store, store_run(store, again)) == {"t0": "open", "t1": "ignored", "t2": "open"}


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        ({"amount": "41.00"}, "amount"),
        ({"amount": None}, "amount"),
        ({"status": "sold"}, "status"),
        ({"currency": "CAD"}, "currency"),
        ({"reason": "none"}, "reason"),
        ({"buyer": "bolt"}, "buyer"),
        ({"campaign_id": "c2"}, "campaign"),
        ({"at": datetime(2026, 11, 4, 10)}, "time"),
        ({"amount": "41.00", "status": "sold"}, "amount;status"),
        ({"flags": "day_shift", "shared": 1}, None),
    ],
)
def test_a_decision_is_stale_by_the_name_of_what_moved(store, changed, moved):
    """It is still there to be read; of the same facts it is fresh again."""
    first = ignored(store, [finding("t1")])
    later = store_run(store, [finding("t1", **changed)])
    assert states(store, later) == {"t1": f"ignored ({moved})" if moved else "ignored"}
    assert states(store, later, stale=True).keys() == ({"t1"} if moved else set())
    assert states(store, first) == {"t1": "ignored"}


def test_a_pair_is_stale_if_its_partner_moved(store):
    """The event is now of 39; the claim says what it said."""
    ignored(store, pair("t1", "40.00", "35.00"))
    assert states(store, store_run(store, pair("t1", "39.00", "35.00"))) == {
        "t1": "ignored (partner)"
    }


def test_deciding_again_is_on_the_facts_of_now(store):
    """It is fresh; and if the amount goes back, it is the new decision that is stale."""
    ignored(store, [finding("t1")])
    later = store_run(store, [finding("t1", "41.00")])
    decide(store, later, "note", only=named("t1"), note="seen")
    assert states(store, later) == {"t1": "ignored (amount)"}
    decide(store, later, "accept", only=named("t1"))
    assert states(store, later) == {"t1": "accepted"}
    assert states(store, store_run(store, [finding("t1")])) == {"t1": "accepted (amount)"}
    assert len(history(store, "t1")) == 3


def test_what_no_longer_stands_is_closed_and_comes_back_as_it_was(store):
    """The row was withdrawn, or its event came: the run has no such finding any more."""
    first = ignored(store, [finding("t1"), finding("t2")], "t1")
    gone = store_run(store, [finding("t2")])
    assert states(store, gone) == {"t2": "open"}
    assert states(store, gone, state="closed") == {"t1": "closed"}
    assert states(store, first, state="closed") == {}
    [row] = list_findings(store, gone, only=FindingFilter(state="closed"))
    assert (row["ref"], row["decided_reason"], row["line"]) == (None, "why", 2)
    assert states(store, store_run(store, [finding("t1")])) == {"t1": "ignored"}


def test_a_run_closes_only_what_it_would_show(store):
    """Not of another period, of other buyers or campaigns, or of the leads' own word."""
    ignored(store, [finding("t1")])
    december = replace(NOVEMBER, date_from=date(2026, 12, 1), date_to=date(2027, 1, 1))
    others = [
        {"parameters": december},
        {"parameters": replace(NOVEMBER, buyers=("bolt",))},
        {"parameters": replace(NOVEMBER, campaigns=("c2",))},
        {"leads_are_claims": True},
    ]
    for other in others:
        assert states(store, store_run(store, [], **other), state="closed") == {}, other
    same = replace(NOVEMBER, buyers=("bolt", "acme"), campaigns=("c1",))
    assert states(store, store_run(store, [], parameters=same), state="closed") == {"t1": "closed"}


def test_a_run_that_read_nothing_of_a_side_closes_nothing_of_it(store):
    """Its report is not loaded, or is another buyer's: that is no evidence."""
    ignored(store, [finding("t1")])
    for names, closed in (((), {}), (("bolt",), {}), (("ACME",), {"t1": "closed"})):
        cover = tuple(_cover(name) for name in names)
        parameters = replace(NOVEMBER, claim_cover=cover, alias={"buyer": {"ACME": "acme"}})
        later = store_run(store, [], parameters=parameters)
        assert states(store, later, state="closed") == closed, names


def _cover(buyer: str) -> Cover:
    return Cover(buyer, datetime(2026, 11, 1), datetime(2026, 11, 2))


def test_the_word_of_leads_and_of_reports_are_two_findings(store):
    """A lead that a report misses may still be missed by the lead export."""
    ignored(store, [finding("t1")])
    assert states(store, store_run(store, [finding("t1")], leads_are_claims=True)) == {"t1": "open"}


def test_in_another_class_it_is_another_finding(store):
    """Nobody has decided on that; that the row was decided on shows, and the old one is closed."""
    ignored(store, [finding("t1", **{"class": "uncovered_claim"})])
    later = store_run(store, [finding("t1")])
    assert states(store, later) == {"t1": "open (class)"}
    [old] = list_findings(store, later, only=FindingFilter(state="closed"))
    assert old["class"] == "uncovered_claim"
    decide(store, later, "accept", only=named("t1"))
    assert states(store, later) == {"t1": "accepted"}
    assert [one["class"] for one in history(store, "t1")] == ["uncovered_claim", "missing_event"]


def test_an_alias_of_the_buyer_or_the_event_changes_nothing(store):
    """The report spells both as before; the run knows them by another name."""
    ignored(store, [finding("t1", buyer="ACME Inc", event_id="Sale", campaign_id="C-1")])
    alias = {"buyer": {"ACME Inc": "acme"}, "event": {"Sale": "sale"}, "campaign": {"C-1": "c1"}}
    parameters = replace(NOVEMBER, alias=alias)
    later = store_run(store, [finding("t1")], parameters=parameters)
    assert states(store, later) == {"t1": "ignored"}
    decide(store, later, "accept", only=named("t1"))
    assert states(store, store_run(store, [finding("t1")], parameters=parameters)) == {
        "t1": "accepted"
    }


def test_rows_of_one_lead_are_told_by_what_they_say(store):
    """Two surplus claims of 40 and 55: the one of 40 is withdrawn, that of 55 keeps its own."""
    run = store_run(store, [finding("t1", "40.00"), finding("t1", "55.00")])
    for place, action in (("acme.csv:2", "accept"), ("acme.csv:3", "dispute")):
        decide(store, run, action, only=named(place))
    later = store_run(store, [finding("t1", "55.00")])
    assert states(store, later) == {"t1": "disputed"}
    [gone] = list_findings(store, later, only=FindingFilter(state="closed"))
    assert (gone["decision"], str(gone["revenue"])) == (1, "40.0000")


def test_equal_rows_are_interchangeable_and_counted(store):
    """One of two is ignored: of three there is one ignored; of one it is that."""
    run = store_run(store, [finding("t1"), finding("t1")])
    decide(store, run, "ignore", only=named("acme.csv:3"), reason="why")
    three = list_findings(store, store_run(store, [finding("t1")] * 3))
    assert sorted(row["state"] for row in three) == ["ignored", "open", "open"]
    assert states(store, store_run(store, [finding("t1")])) == {"t1": "ignored"}


@pytest.mark.parametrize("name", ["", "0", "n/a", None])
def test_rows_without_an_id_are_the_same_only_as_a_whole(store, name):
    """An amount that moved makes it another row."""
    unidentified = {"class": "unidentified"}
    ignored(store, [finding(name, **unidentified)])
    assert states(store, store_run(store, [finding(name, **unidentified)])) == {name: "ignored"}
    other = store_run(store, [finding(name, "41.00", **unidentified)])
    assert states(store, other) == {name: "open"}


def test_a_row_without_a_time_is_closed_by_a_run_of_its_period(store):
    """Its day is unknown: only a run that holds the whole period would show it."""
    ignored(store, [finding("t1", at=None, day=None)])
    assert states(store, store_run(store, [finding("t1", at=None)])) == {"t1": "ignored"}
    part = replace(NOVEMBER, date_to=date(2026, 11, 15))
    assert states(store, store_run(store, [], parameters=part), state="closed") == {}
    assert states(store, store_run(store, []), state="closed") == {"t1": "closed"}


def test_ids_are_compared_as_runs_compare_them(store):
    """Blanks and the case of hexadecimal ids play no part."""
    ignored(store, [finding("ABCDEF01")])
    assert states(store, store_run(store, [finding(" abcdef01 ")])) == {" abcdef01 ": "ignored"}
