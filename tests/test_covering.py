"""What the reports of a run do not cover, where they do not say themselves how far they speak."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from deciding_world import NOVEMBER, WHOLE
from reconcile import Store
from reconcile.covering import not_covered
from reconcile.terms import Kind
from reconcile.warehouse import RunRecord
from reconcile.warehouse.records import new_id
from warehouse_data import load

LATER = datetime(2026, 12, 5)
ASKED = replace(NOVEMBER, zone="America/Los_Angeles", claim_cover=None, lead_cover=WHOLE)


@pytest.fixture
def store(home):
    with Store(home) as opened:
        yield opened


def gaps(store: Store, *files: tuple, exported: int = 30, **staged) -> list[str]:
    """Return what a run lacks of reports of bolt, each from one day of November to another."""
    batches = []
    for name, first, last in files:
        ends = {"first_at": datetime(2026, 11, first), "last_at": datetime(2026, 11, last)}
        ends |= {"kind": Kind.CLAIM, "sender": "net", "buyers": ["bolt"]}
        batches.append(load(store, name, [], exported=exported, **(ends | staged)).id)
    folder = store.new_run_dir()
    asked = {"parameters": ASKED.to_json_values(), "leads_are_claims": False, "settings": []}
    summary = json.dumps({"classes": [], "totals": []})
    said = json.dumps(asked)
    run = RunRecord(folder.name, LATER, said, tuple(batches), (), "1", summary, new_id(), 0)
    store.record_run(run)
    return not_covered(store, folder.name)


def test_the_only_report_of_a_month_speaks_of_that_month(store):
    """Three sales on the 4th to the 9th are a month of a small buyer, made when it was over."""
    assert gaps(store, ("nov", 4, 9)) == []


def test_no_report_speaks_of_days_after_it_was_made(store):
    told, cure = gaps(store, ("nov", 4, 9), exported=21)
    assert told.startswith("The buyer reports of bolt hold nothing from 2026-11-21 04:00 to")
    assert (
        "reconcile remap BATCH --answer period.from=2026-11-01 --answer period.to=2026-12-01"
        in cure
    )


def test_of_several_reports_of_a_month_each_speaks_of_its_rows(store):
    """Before the first, between the two, and behind the last; how to state more is said."""
    told = gaps(store, ("first", 4, 9), ("second", 16, 20))
    assert len(told) == 4
    assert all("hold nothing from" in text for text in told[:3])


def test_versions_of_a_report_are_one(store):
    """A corrected file says the month again; its rows lie where those of the first do."""
    assert gaps(store, ("first", 4, 9), ("second", 4, 20)) == []


def test_a_report_that_states_its_period_speaks_of_no_more(store):
    stated = {"period_from": datetime(2026, 11, 3), "period_to": datetime(2026, 11, 10)}
    assert len(gaps(store, ("nov", 4, 9), **stated)) == 3
