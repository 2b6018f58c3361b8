"""The loop closes: fired at the sandbox, exported by it, imported again, proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from firing_world import RULES, fired, need, once
from reconcile.engine import Engine
from reconcile.firing import PostbackState, coverage_of, open_ledger, verify
from reconcile.importing import import_file
from reconcile.sandbox import Fault, FaultKind, Sandbox, running_sandbox
from reconcile.terms import Kind
from reconcile.warehouse import open_store

S = PostbackState


@pytest.fixture
def ledger(home):
    """Return the sandbox's ledger of an empty home."""
    ledger = open_ledger(home)
    yield ledger
    ledger.close()


def proven(home, ledger, text, host, *, taken_at=None):
    """Import an export that was taken at a time; return what it moves."""
    file = home / "export.csv"
    file.write_text(text)
    store = open_store(home)
    engine = Engine()
    try:
        batch = import_file(store, file, kind=Kind.EVENT).batch
        store.attach(engine, [batch])
        imported_at = taken_at or batch.imported_at
        covers = coverage_of([replace(batch, exported_at=taken_at, imported_at=imported_at)])
        return verify(ledger, engine, covers, host=host)
    finally:
        engine.close()
        store.close()


def test_what_was_fired_is_found_in_the_export_of_the_sandbox(home, ledger):
    """Ids, times, zone and money survive the way out and back, to the last digit."""
    sandbox = Sandbox(RULES, faults=[Fault(FaultKind.DROP_AFTER)])
    with running_sandbox(sandbox) as url:
        counts = fired(ledger, [once(transaction_id="T-1"), need(transaction_id="007")], url)
    assert counts[S.CONFIRMED] >= 1
    assert proven(home, ledger, sandbox.export(), url) == {S.VERIFIED: 2}


def test_an_export_from_before_the_postback_proves_no_absence(home, ledger):
    """Imported late it is still old: else an unknown postback would be sent a second time."""
    header = "event_id,transaction_id,cid,pid,amount,conversion_date,conversion_timezone"
    lines = [f"lead,x{n},c1,s1,5.00,2026-11-0{n} 12:00:00,EST" for n in (1, 5)]
    export = "\n".join([header, *lines]) + "\n"
    with running_sandbox(Sandbox(RULES, faults=[Fault(FaultKind.DROP_AFTER)])) as url:
        assert fired(ledger, [once()], url) == {S.UNKNOWN: 1}
    assert proven(home, ledger, export, url) == {}
    later = datetime.fromisoformat(ledger.now()) + timedelta(days=2)
    assert proven(home, ledger, export, url, taken_at=later) == {S.ABSENT: 1}


def test_no_export_was_taken_after_its_import(home):
    """A slip in the stated time must not prove an absence: the postback would go out again."""
    file = home / "export.csv"
    file.write_text(
        "event_id,transaction_id,campaign_id,pid,conversion_date\n"
        "sale,t1,c1,g1,2026-11-03T00:00:00Z\n"
    )
    with open_store(home) as store:
        ahead = datetime.fromisoformat("2099-01-01")
        batch = import_file(store, file, kind=Kind.EVENT, exported_at=ahead).batch
    assert [cover.watermark for cover in coverage_of([batch])] == [batch.imported_at]
