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
from reconcile import FindingFilter, Store, decide, findings
from reconcile.errors import NotFound


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
