"""A pair in two currencies: what is at stake on either side counts, and neither is hidden."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli_help import call
from deciding_world import finding, store_run
from reconcile import FindingFilter, Store, decide, findings, history
from reconcile.changes import finding_changes
from reconcile.decisions import Credit
from reconcile.errors import BadParameters, NotFound
from reconcile.reporting.content import content_of
from reconcile.showing import finding_texts, stake_in


def two_currencies(name: str, event: str, claimed: str, **changed: Any) -> list[dict[str, Any]]:
    """Return a claim in EUR whose event is in USD; each takes its own part of the bridge."""
    same = {"class": "revenue_mismatch", "reason": "currency", "rule": "exact"} | changed
    ours = finding(name, event, side="event", status=None, file="events.csv", batch="e1")
    theirs = finding(name, claimed, currency="EUR", partner_batch="e1", partner_file="events.csv")
    return [theirs | same, ours | same | {"bridge": -Decimal(event)}]


ROWS = [
    *two_currencies("t1", "180.00", "0.00"),
    *two_currencies("t2", "0.40", "0.30"),
    *two_currencies("t3", "0.00", "24.00"),
    finding("t4", "0.50"),
    finding("t5", "30.00"),
]


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Return a store with one run of three pairs in two currencies and two other findings."""
    with Store(home) as made:
        store_run(made, ROWS)
        yield made


def ids(store: Store, low: str | None, high: str | None) -> set[str]:
    """Return the transaction ids that a filter by amount finds."""
    ends = [None if end is None else Decimal(end) for end in (low, high)]
    only = FindingFilter(at_least=ends[0], at_most=ends[1])
    return {row["transaction_id"] for row in findings(store, store.runs()[0].id, only=only)}


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (None, "1", {"t2", "t4"}),
        ("0.35", "0.45", {"t2"}),
        ("20", "40", {"t3", "t5"}),
        ("100", None, {"t1"}),
        ("0", "0", set()),
    ],
)
def test_an_amount_is_compared_with_both_sides_of_a_pair_in_two_currencies(store, low, high, found):
    """The greater one decides, so that every finding is in exactly one range of amounts."""
    assert ids(store, low, high) == found


def test_a_small_claim_of_a_large_event_is_not_ignored_in_bulk(store):
    """Nothing is decided on the pair whose claim alone is small."""
    only = FindingFilter(reason="currency", at_most=Decimal(1))
    made = decide(store, store.runs()[0].id, "ignore", only=only, reason="small", dry_run=True)
    assert made.findings == 1
    with pytest.raises(NotFound):
        decide(
            store,
            store.runs()[0].id,
            "ignore",
            only=FindingFilter(ids=("t1",), at_most=Decimal(1)),
            reason="small",
        )


def test_findings_show_both_amounts_the_greatest_of_either_first(store, tmp_path):
    """In Python, JSON, CSV and the table; of other findings the two columns are empty."""
    rows = findings(store, store.runs()[0].id)
    assert [row["transaction_id"] for row in rows] == ["t1", "t5", "t3", "t4", "t2"]
    told = {row["transaction_id"]: (row["other_at_stake"], row["other_currency"]) for row in rows}
    assert told == {
        "t1": (Decimal(180), "USD"),
        "t2": (Decimal("0.40"), "USD"),
        "t3": (Decimal(0), "USD"),
        "t4": (None, None),
        "t5": (None, None),
    }
    first = call("findings", "--format", "json").rows[0]
    assert (Decimal(first["other_at_stake"]), first["other_currency"]) == (Decimal(180), "USD")
    assert call("findings", "--format", "csv", "--out", tmp_path / "f.csv").code == 0
    written = [*csv.DictReader((tmp_path / "f.csv").read_text("utf-8-sig").splitlines())]
    assert [Decimal(row["other_at_stake"] or -1) for row in written[:2]] == [180, -1]
    assert "180.00  USD" in call("findings").out
    assert "other" not in call("findings", "--id", "t5").out


@pytest.mark.parametrize(("code", "found"), [("EUR", "t1 t2 t3"), ("USD", "t1 t2 t3 t4 t5")])
def test_either_currency_finds_a_pair_in_two(store, code, found):
    """On the command line, by option and by filter, as in Python."""
    only = FindingFilter(currency=code)
    rows = findings(store, store.runs()[0].id, only=only)
    assert sorted(row["transaction_id"] for row in rows) == found.split()
    stakes = [stake_in(row, code) for row in rows]
    assert stakes == sorted(stakes, reverse=True)
    listed = call("findings", "--currency", code, "--format", "json").rows
    assert len(listed) == len(rows)
    asked = ("--filter", f"currency={code}", "--as", "dispute", "--dry-run")
    assert f"{len(rows)} findings, at stake" in call("decide", *asked).out


def test_both_amounts_are_shown_before_a_decision_and_counted_once(store):
    """The number that is typed is that of the findings; the sums are those of the bridge."""
    shown = call("decide", "--filter", "reason=currency", "--as", "dispute", "--dry-run").out
    assert "3 findings, at stake 24.30 EUR, 180.40 USD." in shown
    assert "elsewhere" in shown
    made = decide(store, store.runs()[0].id, "dispute", only=FindingFilter(reason="currency"))
    told = {row["currency"]: (row["findings"], row["elsewhere"]) for row in made.totals}
    assert told == {"EUR": (3, 0), "USD": (0, 3)}
    [entry] = history(store, "t1")
    assert (entry["at_stake"], entry["currency"]) == (Decimal(0), "EUR")
    assert (entry["other_at_stake"], entry["other_currency"]) == (Decimal(180), "USD")
    assert "180.00  USD" in call("history", "t1").out


def credit(store: Store, name: str, amount: str | None, code: str | None = None) -> object:
    """Record a credit; return what it comes to."""
    value = Credit(None if amount is None else Decimal(amount), code)
    run = store.runs()[0].id
    return decide(store, run, "credit", only=FindingFilter(ids=(name,)), credit=value).credits


def test_each_currency_of_a_pair_is_credited_by_itself(store):
    """The one with something at stake is meant unless both have; each has a limit of its own."""
    assert credit(store, "t1", "80") == {"USD": Decimal(80)}
    assert credit(store, "t1", None) == {"USD": Decimal(100)}
    for said, words in (
        (("t2", "0.10"), "pair in EUR and USD. Name the currency"),
        (("t2", None), "pair in EUR and USD. Name the currency"),
        (("t2", "0.10", "CAD"), "is in EUR and USD, so a credit in CAD"),
        (("t2", "0.31", "EUR"), "0.30 EUR at stake; 0.31 more would be 0.01 too much"),
        (("t1", "1", "EUR"), "0.00 EUR at stake"),
    ):
        with pytest.raises(BadParameters, match=words):
            credit(store, *said)
    credit(store, "t2", None, "USD")
    credit(store, "t2", "0.20", "EUR")
    rows = {row["transaction_id"]: row for row in findings(store, store.runs()[0].id)}
    names = ("credited", "credited_in", "other_credited", "other_credited_in")
    assert [rows["t1"][name] for name in names] == [Decimal(180), "USD", None, None]
    assert [rows["t2"][name] for name in names] == [Decimal("0.2"), "EUR", Decimal("0.4"), "USD"]
    told = call("history", "t2").out
    assert "credited 0.20 of 0.30 EUR; credited 0.40 of 0.40 USD" in " ".join(told.split())


def test_the_report_counts_and_sums_a_pair_in_both_of_its_currencies(store):
    """What is open, the largest, what is credited; the page says that it is one finding."""
    credit(store, "t2", None, "USD")
    sections = {one.currency: one for one in content_of(store, store.runs()[0].id).sections}
    euros, dollars = sections["EUR"], sections["USD"]
    assert (euros.open_findings, euros.open_at_stake) == (3, Decimal("24.30"))
    assert (dollars.open_findings, dollars.open_at_stake) == (5, Decimal("210.90"))
    assert (dollars.headline.findings, dollars.headline.elsewhere) == (2, 3)
    assert [one.at_stake for one in dollars.largest[:2]] == [Decimal(180), Decimal(30)]
    assert [row["credited"] for row in (*euros.done, *dollars.done)] == [0, Decimal("0.40")]


def test_what_came_and_went_is_summed_in_both_currencies(store):
    """Of the pairs one is gone and one costs more since; the sums are those of the two runs."""
    before = store.runs()[0].id
    later = [*two_currencies("t1", "200.00", "0.00"), *ROWS[4:6], *ROWS[6:]]
    changes = finding_changes(store, before, store_run(store, later))
    told = {(row["since"], row["currency"]): row for row in changes.totals}
    names = ("findings", "elsewhere", "at_stake_before", "at_stake")
    assert [told["still", "USD"][name] for name in names] == [
        2,
        2,
        Decimal("210.5"),
        Decimal("230.5"),
    ]
    assert [told["closed", "USD"][name] for name in names] == [0, 1, Decimal("0.4"), 0]
    assert [told["closed", "EUR"][name] for name in names] == [1, 0, Decimal("0.3"), 0]
    [gone] = changes.rows
    assert (gone["other_at_stake_before"], gone["other_currency"]) == (Decimal("0.4"), "USD")


def test_an_event_whose_currency_moved_makes_a_decision_stale(store):
    """The same number of another currency is other money."""
    run = store.runs()[0].id
    decide(store, run, "ignore", only=FindingFilter(ids=("t1", "t2")), reason="small")
    later = [{**row, "currency": "BTC"} if row["side"] == "event" else row for row in ROWS[:2]]
    run = store_run(store, [*later, *ROWS[2:4]])
    stale = {row["transaction_id"]: row["stale"] for row in findings(store, run)}
    assert stale == {"t1": "partner", "t2": None}


def test_the_dashboard_lists_both_amounts_where_there_are_two(store):
    """A column of its own, which is not there without a pair in two currencies."""
    rows = findings(store, store.runs()[0].id)
    assert [row["And at stake"] for row in finding_texts(rows)][:2] == ["180.00 USD", ""]
    alone = [row for row in rows if row["other_at_stake"] is None]
    assert "And at stake" not in finding_texts(alone)[0]
