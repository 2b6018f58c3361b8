"""What a plan may still fire, whatever happened to the warehouse since its run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from reconcile import Kind, RunParameters, Store, import_file, open_store, plan, run
from reconcile.correcting import approve, fire, verify
from reconcile.errors import FiringError, NotAllowed
from reconcile.firing import Blocked, PostbackState, open_ledger
from reconcile.importing import load_settings
from reconcile.sandbox import Rules, running_sandbox

LEADS = "transaction_id,campaign_id,pid,buyer,created_at\nL1,c1,g1,acme,2026-10-01T00:00:00Z\n"
EVENTS = (
    "transaction_id,campaign_id,pid,buyer,event_id,conversion_date,revenue,currency\n"
    "L9,c1,g1,acme,sale,2026-11-02T00:00:00Z,10.00,USD\n"
    "L9,c1,g1,acme,sale,2026-11-28T00:00:00Z,10.00,USD\n"
)
CLAIMS = (
    "transaction_id,campaign_id,buyer,event_id,occurred_at,revenue,currency,status\n"
    "L1,c1,acme,sale,2026-11-05T00:00:00Z,10.00,{},approved\n"
)
HOST, OTHER = "http://127.0.0.1:8901", "http://127.0.0.1:8902"
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")


@dataclass
class Loaded:
    """A store with one missing event of lead L1, and a folder for more files."""

    store: Store
    folder: Path

    def load(self, kind: Kind, text: str) -> str:
        """Import a text as a file; return its batch."""
        path = self.folder / f"{len(self.store.batches(with_undone=True))}.csv"
        path.write_text(text)
        return import_file(self.store, path, kind=kind, zone="UTC").batch.id


@pytest.fixture
def loaded(home: Path, tmp_path: Path) -> Iterator[Loaded]:
    with open_store(home) as store:
        made = Loaded(store, tmp_path)
        made.load(Kind.LEAD, LEADS)
        made.load(Kind.EVENT, EVENTS)
        yield made


def test_an_event_that_a_later_export_shows_is_not_fired(loaded):
    """The run read an older export; what is loaded now decides whether the event is there."""
    loaded.load(Kind.CLAIM, CLAIMS.format("USD"))
    found = run(loaded.store, NOVEMBER)
    assert plan(loaded.store, found.id, host="http://127.0.0.1:8901").rows == 1
    loaded.load(Kind.EVENT, EVENTS.replace("L9", "L1"))
    later = plan(loaded.store, found.id)
    assert [row.reason for row in later.blocked] == [Blocked.ALREADY_STORED]


@pytest.mark.parametrize("campaign", ["c1", "c2"])
def test_an_event_that_an_export_shows_since_the_plan_is_not_sent(loaded, campaign):
    """Somebody else has recorded it meanwhile: a plan that was approved before does not double it.

    In whatever campaign, as when it is planned; an export may spell the campaign otherwise.
    """
    loaded.load(Kind.CLAIM, CLAIMS.format("USD"))
    made = plan(loaded.store, run(loaded.store, NOVEMBER).id, host=HOST)
    late = plan(loaded.store, run(loaded.store, NOVEMBER).id, host=OTHER)
    assert made.rows == late.rows == 1
    approve(loaded.store, made.id, made.phrase, host=HOST)
    loaded.load(Kind.EVENT, EVENTS.replace("L9,c1", f"L1,{campaign}"))
    with pytest.raises(FiringError, match="shows that did not when it was planned, the first of L"):
        fire(loaded.store, made.id, host=HOST)
    with pytest.raises(FiringError, match=r"Nothing was sent now\. Cancel it"):
        approve(loaded.store, late.id, late.phrase, host=OTHER)


def test_our_own_events_keep_the_rest_of_a_plan_from_nothing(loaded, tmp_path):
    """Of an event that repeats an export shows the first of two, and the second is still sent."""
    said = tmp_path / "settings.csv"
    said.write_text("campaign_id,event_id,allows_duplicates\nc1,sale,yes\n")
    loaded.store.replace_settings(load_settings(said))
    twice = CLAIMS.format("USD")
    loaded.load(Kind.CLAIM, twice + twice.splitlines()[1].replace("-05T", "-06T") + "\n")
    with running_sandbox(rules=Rules()) as url:
        made = plan(loaded.store, run(loaded.store, NOVEMBER).id, host=url)
        approve(loaded.store, made.id, made.phrase, host=url)
        fire(loaded.store, made.id, host=url, limit=1)
        shown = EVENTS.replace("L9", "L1").splitlines(keepends=True)
        loaded.load(Kind.EVENT, "".join(shown[:2]))
        assert fire(loaded.store, made.id, host=url).counts == {PostbackState.CONFIRMED: 2}


def test_a_target_to_verify_is_known_by_any_spelling_or_refused(loaded):
    """A name that no plan has would settle nothing, and say no word of why."""
    loaded.load(Kind.CLAIM, CLAIMS.format("USD"))
    plan(loaded.store, run(loaded.store, NOVEMBER).id, host=HOST)
    assert verify(loaded.store, host="http://localhost:8901") == {}
    with pytest.raises(NotAllowed, match=r"made for http://127\.0\.0\.1:8902; there is http://127"):
        verify(loaded.store, host=OTHER)
    with pytest.raises(NotAllowed, match="nonsense"):
        verify(loaded.store, host="nonsense")


def test_a_report_that_was_taken_out_fires_nothing(loaded):
    """A run stands on record, but what it read may have been the wrong file."""
    batch = loaded.load(Kind.CLAIM, CLAIMS.format("USD"))
    found = run(loaded.store, NOVEMBER)
    loaded.store.undo(batch)
    with pytest.raises(FiringError, match="taken out since"):
        plan(loaded.store, found.id)


def test_an_amount_in_another_currency_than_the_campaigns_is_not_fired(loaded):
    """A postback names no currency: 10 euros would be booked as 10 dollars."""
    loaded.load(Kind.CLAIM, CLAIMS.format("EUR"))
    made = plan(loaded.store, run(loaded.store, NOVEMBER).id)
    assert [row.reason for row in made.blocked] == [Blocked.OTHER_CURRENCY]


def test_events_of_another_campaign_are_not_counted_as_seen_before(loaded):
    """Else the export that shows ours would be taken for them, and ours for absent."""
    path = loaded.folder / "settings.csv"
    path.write_text("campaign_id,event_id,allows_duplicates\nc1,sale,yes\nc2,sale,yes\n")
    loaded.store.replace_settings(load_settings(path))
    loaded.load(Kind.EVENT, EVENTS.replace("L9,c1", "L1,c2").replace("acme", "bolt"))
    loaded.load(Kind.CLAIM, CLAIMS.format("USD"))
    made = plan(loaded.store, run(loaded.store, NOVEMBER).id)
    assert made.rows == 1
    ledger = open_ledger(loaded.store.home)
    assert [row["seen_before"] for row in ledger.query("intent_list", plan=made.id)] == [0]
    ledger.close()
