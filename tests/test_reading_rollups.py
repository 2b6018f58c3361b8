"""What a run says in parts adds up to what it says as a whole, whichever way it is split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from cli_help import write
from reconcile import (
    FindingFilter,
    Kind,
    RunParameters,
    Store,
    bridge,
    explain,
    finding_totals,
    findings,
    findings_frame,
    import_file,
    open_store,
    run,
)
from reconcile.errors import BadParameters, NotFound
from reconcile.running import Run
from reconcile.terms import RowClass

EVENTS = """\
event_id,transaction_id,campaign_id,pid,buyer,occurred_at,revenue,currency
sale,t1,c1,g,acme,2026-11-03T10:00:00Z,40.00,USD
sale,t1,c1,g,acme,2026-11-03T11:00:00Z,40.00,USD
sale,t2,c1,g,acme,2026-11-04T10:00:00Z,30.00,USD
sale,t3,c2,g,bolt,2026-11-05T10:00:00Z,20.00,EUR
sale,t4,c2,g,bolt,2026-11-06T10:00:00Z,10.00,USD
sale,ab-007,c1,g,acme,2026-11-06T10:00:00Z,10.00,USD
sale,t6,c1,g,acme,2026-11-30T10:00:00Z,1.00,USD
"""
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t1,sale,c1,acme,2026-11-03T10:00:00Z,40.00,USD,approved
t2,sale,c1,acme,2026-11-07T10:00:00Z,33.25,USD,approved
t3,sale,c2,bolt,2026-11-05T10:00:00Z,20.00,USD,approved
t4,sale,c2,bolt,2026-11-06T10:00:00Z,10.00,USD,rejected
t5,sale,c1,acme,2026-11-08T10:00:00Z,0.0001,USD,approved
AB007,sale,c1,acme,2026-11-06T10:00:00Z,10.00,USD,approved
ab_007,sale,c1,acme,2026-11-06T10:00:00Z,10.00,USD,approved
t8,sale,c3,,2026-11-06T10:00:00Z,12345678901234.1234,USD,approved
"""
DIMENSIONS = ("currency", "buyer", "campaign", "day")


@dataclass(frozen=True)
class World:
    """A store with one run over the rows above."""

    store: Store
    run: Run


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Import and reconcile once; the tests of this file only read."""
    folder = tmp_path_factory.mktemp("rollups")
    with open_store(folder / "home") as store:
        events, claims = write(folder, "e.csv", EVENTS), write(folder, "c.csv", CLAIMS)
        import_file(store, events, kind=Kind.EVENT)
        import_file(store, claims, kind=Kind.CLAIM, sender="net")
        parameters = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")
        yield World(store, run(store, parameters))


def test_a_world_with_many_classes_is_read(world):
    """Else the tests below would prove little."""
    classes = {row["class"] for row in findings(world.store, world.run.id)}
    assert len(classes) >= 5, classes
    assert {"ambiguous", "duplicate_event", "revenue_mismatch", "status_conflict"} <= classes


SPLITS = [split for size in range(5) for split in combinations(DIMENSIONS, size)]


@pytest.mark.parametrize("split", SPLITS, ids=["+".join(split) or "total" for split in SPLITS])
def test_every_roll_up_closes_and_sums_to_the_runs_totals(world, split):
    """In each group events plus all buckets are the claims, to the last digit."""
    names = ["campaign_id" if name == "campaign" else name for name in split]
    groups: defaultdict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    sides: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in bridge(world.store, world.run.id, by=split):
        sign = -1 if row["bucket"] == "claims" else 1
        groups[tuple(row[name] for name in names)] += sign * row["amount"]
        sides[row["bucket"]] += row["amount"]
    assert set(groups.values()) == {Decimal(0)}
    totals = world.run.summary["totals"]
    for side in ("events", "claims"):
        assert sides[side] == sum(Decimal(total[side]) for total in totals)


@pytest.mark.parametrize("filters", [{"buyer": "acme"}, {"campaign": "c2"}, {"currency": "USD"}])
def test_a_filtered_bridge_closes_too(world, filters):
    """What a filter leaves is whole groups."""
    rows = bridge(world.store, world.run.id, by=("currency",), **filters)
    by_currency: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sign = -1 if row["bucket"] == "claims" else 1
        by_currency[row["currency"]] += sign * row["amount"]
    assert rows
    assert set(by_currency.values()) == {Decimal(0)}


def test_the_bridge_of_findings_is_that_of_the_bridge(world):
    """Per class, the findings' own amounts are the buckets, for pairs in one currency."""
    buckets: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in bridge(world.store, world.run.id):
        if row["currency"] == "USD":
            buckets[row["bucket"].partition(":")[0]] += row["amount"]
    for row_class in ("missing_event", "unclaimed_event", "duplicate_event", "uncovered_claim"):
        only = FindingFilter(row_class=row_class, currency="USD")
        rows = findings(world.store, world.run.id, only=only)
        assert sum((row["bridge"] for row in rows), Decimal(0)) == buckets[row_class]


FILTERS = [
    FindingFilter(),
    FindingFilter(all_classes=True),
    FindingFilter(buyer="acme"),
    FindingFilter(currency="USD", campaign="c2"),
    FindingFilter(day=date(2026, 11, 6)),
    FindingFilter(search="07"),
    *(FindingFilter(row_class=str(row_class)) for row_class in RowClass),
]


@pytest.mark.parametrize("only", FILTERS, ids=range(len(FILTERS)))
def test_totals_count_what_the_list_lists(world, only):
    """And sum what is at stake in it; pages put together are the whole list."""
    rows = findings(world.store, world.run.id, only=only)
    totals = finding_totals(world.store, world.run.id, only=only)
    assert sum(total["findings"] for total in totals) == len(rows)
    for total in totals:
        at_stake = [
            row[f"{side}at_stake"]
            for row in rows
            for side in ("", "other_")
            if (row["class"], row[f"{side}currency"]) == (total["class"], total["currency"])
            and row[f"{side}at_stake"] is not None
        ]
        assert (sum(at_stake) if at_stake else None) == total["at_stake"]
    pages = [
        row
        for offset in range(0, len(rows) + 1, 2)
        for row in findings(world.store, world.run.id, only=only, limit=2, offset=offset)
    ]
    assert pages == rows


def test_all_findings_are_as_many_as_the_run_counted(world):
    """A pair is one; money is exact and sorted, unpriced last."""
    rows = findings(world.store, world.run.id)
    assert len(rows) == world.run.findings
    stakes = [row["at_stake"] for row in rows if row["at_stake"] is not None]
    assert stakes == sorted(stakes, reverse=True)
    assert stakes[0] == Decimal("12345678901234.1234")
    assert len({row["ref"] for row in rows}) == len(rows)
    assert len(findings_frame(world.store, world.run.id)) == len(rows)


def test_every_finding_can_be_explained_by_its_ref(world):
    """Its sentence names file and line, its source is the row as imported."""
    for row in findings(world.store, world.run.id, only=FindingFilter(all_classes=True)):
        told = explain(world.store, world.run.id, row["ref"])
        assert f"line {row['line']}" in told.text
        assert told.next_step == RowClass(row["class"]).next_step
        assert told.source["transaction_id"] == row["transaction_id"]
        assert told.source["line_no"] == row["line"]
        if row["partner_line"] is not None:
            assert told.partner_source is not None
            assert told.partner_source["line_no"] == row["partner_line"]


def test_an_ambiguous_row_names_its_candidates(world):
    """From both sides; other rows have none."""
    ambiguous = findings(world.store, world.run.id, only=FindingFilter(row_class="ambiguous"))
    candidates = {
        row["transaction_id"]: {
            one["transaction_id"]
            for one in explain(world.store, world.run.id, row["ref"]).candidates
        }
        for row in ambiguous
    }
    assert candidates == {"ab-007": {"AB007", "ab_007"}, "AB007": {"ab-007"}, "ab_007": {"ab-007"}}
    (other,) = findings(world.store, world.run.id, only=FindingFilter(row_class="duplicate_event"))
    assert explain(world.store, world.run.id, other["ref"]).candidates == ()


def test_a_duplicate_names_the_row_it_lost_to(world):
    """The rival's file and line stand in the finding."""
    (row,) = findings(world.store, world.run.id, only=FindingFilter(row_class="duplicate_event"))
    assert (Path(row["rival_file"]).name, row["rival_line"]) == ("e.csv", 2)
    assert "line 2" in explain(world.store, world.run.id, row["ref"]).text


@pytest.mark.parametrize("ref", ["", "e.csv", "e.csv:", ":3", "e.csv:-3", "e.csv:٣", "e.csv:3.0"])
def test_what_is_no_place_is_refused(world, ref):
    """Digits of other scripts are no line."""
    with pytest.raises(NotFound, match="is no row"):
        explain(world.store, world.run.id, ref)


def test_words_that_no_run_uses_are_refused(world):
    """Instead of an empty answer."""
    for values in ({"row_class": "nope"}, {"flag": "nope"}):
        with pytest.raises(BadParameters, match="There are"):
            FindingFilter(**values)
    with pytest.raises(BadParameters, match="currency, buyer, campaign, day"):
        bridge(world.store, world.run.id, by=("week",))
    with pytest.raises(NotFound, match="no run 'nope'"):
        findings(world.store, "nope")
