"""What a batch covers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reconcile.terms import Kind
from reconcile.warehouse import Cover, open_store
from tests.warehouse_data import day, load, row


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def test_events_and_leads_cover_their_campaigns_claims_their_buyers(store):
    """From the first row to the last one, which is inside: the end is a microsecond after it."""
    end = day(4) + timedelta(microseconds=1)
    for kind, expected in (
        (Kind.EVENT, ["c1", "c2"]),
        (Kind.LEAD, ["c1", "c2"]),
        (Kind.CLAIM, ["b"]),
    ):
        batch = load(
            store,
            kind.value,
            [row("x", 1), row("y", 4)],
            kind=kind,
            campaigns=["c1", "c2"],
            buyers=["b"],
        )
        assert store.coverage(batch) == [Cover(name, day(1), end) for name in expected]


def test_a_stated_period_goes_before_the_rows(store):
    """A title's period is covered, rows or not; one side of it may be stated alone."""
    both = load(store, "a", [row("x", 3)], period_from=day(1), period_to=day(8))
    assert store.coverage(both) == [Cover(None, day(1), day(8))]
    start = load(store, "b", [row("x", 3)], period_from=day(1))
    assert store.coverage(start) == [Cover(None, day(1), day(3) + timedelta(microseconds=1))]


def test_a_cut_off_file_covers_nothing_until_confirmed(store):
    """A person says that it is whole; then it covers what it holds."""
    batch = load(store, "a", [row("x", 3)], cut_off=True, campaigns=["c1"])
    assert store.coverage(batch) == []
    confirmed = store.confirm(batch.id)
    assert [cover.name for cover in store.coverage(confirmed)] == ["c1"]
    assert store.batches() == [confirmed]


def test_a_file_that_knows_no_time_covers_nothing(store):
    """Neither title nor rows say when."""
    assert store.coverage(load(store, "a", [row("x", None)], campaigns=["c1"])) == []
