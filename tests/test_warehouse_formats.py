"""A warehouse of an earlier release: what it holds, counts and refuses is what it always did."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from reconcile import Kind, RunParameters, findings, import_file, plan, proposals, run, run_again
from reconcile.errors import ReconcileError
from reconcile.firing import Blocked
from reconcile.reading import explain, rejected_rows
from reconcile.terms import RowClass
from reconcile.warehouse import Store, open_store

DATA = Path(__file__).parent / "data"
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")


@pytest.fixture
def old(home):
    """Return a store on a copy of a warehouse of format 1."""
    shutil.copytree(DATA / "warehouse_v1", home, dirs_exist_ok=True)
    with open_store() as opened:
        yield opened


def told(store: Store, run_id: str) -> list[tuple[str, str, str]]:
    """Return class, lead and file of the findings of a run, sorted."""
    found = findings(store, run_id)
    return sorted((row["class"], row["transaction_id"], row["file"]) for row in found)


def id_of(store: Store, file: str) -> str:
    """Return the batch of a file."""
    (batch,) = [batch for batch in store.batches(with_undone=True) if batch.file == file]
    return batch.id


BEFORE_THE_CORRECTION = [
    (RowClass.MISSING_EVENT, "t5", "acme_2.csv"),
    (RowClass.MISSING_EVENT, "t5", "acme_2.csv"),
    (RowClass.REVENUE_MISMATCH, "t2", "acme_2.csv"),
    (RowClass.UNCOVERED_EVENT, "t3", "events_1.csv"),
    (RowClass.UNCOVERED_EVENT, "t3", "events_2.csv"),
]


def test_its_batches_are_all_there_and_sound(old):
    """Eight files, one of them undone; nothing is missing on disk."""
    assert [batch.rows for batch in old.batches(with_undone=True)] == [9, 5, 4, 3, 4, 2, 1, 2]
    assert {batch.format_version for batch in old.batches()} == {1}
    assert len(old.batches(Kind.CLAIM)) == 4
    assert [text for text in old.doctor() if not text.startswith("SQLite")] == []
    (reject,) = rejected_rows(old, id_of(old, "acme_1.csv"))
    assert (reject["line"], reject["column"], reject["value"]) == (5, "revenue", "forty")


def test_its_run_is_there_and_says_that_its_rules_were_others(old):
    """Findings and their explanation; what other rules made cannot be made again."""
    (record,) = old.runs()
    assert told(old, record.id) == BEFORE_THE_CORRECTION
    with pytest.raises(ReconcileError, match="rule version 1, this release has 2"):
        run_again(old, record.id)
    assert proposals(old, record.id) == []
    place = f"claim:{id_of(old, 'acme_2.csv')}:2"
    why = explain(old, record.id, place)
    assert why.text.endswith("the claim is 1.00 more than the event.")
    assert (why.source["file"], why.source["status"]) == ("acme_2.csv", "approved")


def test_a_new_run_without_the_correction_finds_the_same(old):
    """Copies in the overlapping files count once, rows that are equal in one file twice."""
    old.undo(id_of(old, "acme_corrected.csv"))
    assert told(old, run(old, NOVEMBER).id) == BEFORE_THE_CORRECTION


def test_what_its_ledger_holds_is_not_planned_again(old):
    """That release named the two calls of t5 in another way."""
    again = plan(old, old.runs()[0].id)
    assert [row.reason for row in again.blocked] == [Blocked.SENT_BEFORE] * 2
    assert again.rows == 0


def test_a_correction_that_counted_beside_the_old_row_now_replaces_it(old):
    """t2 at 25.00 agrees with its event; the two exports of before said 26.00."""
    found = [row for row in BEFORE_THE_CORRECTION if row[1] != "t2"]
    assert told(old, run(old, NOVEMBER).id) == found


def test_rows_of_both_formats_are_known_as_versions_of_each_other(old, tmp_path):
    """Also a claim without a lead's id, known by its whole content."""
    head = "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status\n"
    bare = "test,sale,c1,cash,2026-11-01T08:00:00Z,40.00,USD,approved\n"
    known = "t4,sale,c1,bolt,2026-11-04T08:00:00Z,12.75,USD,approved\n"
    (tmp_path / "bolt_2.csv").write_text(head + known)
    batch = import_file(old, tmp_path / "bolt_2.csv", kind=Kind.CLAIM, sender="bolt").batch
    assert old.versions(batch).changed == 1
    for name, more in (("x.csv", ""), ("y.csv", known)):
        (tmp_path / name).write_text(head + bare + more)
        said = {"sender": "cash", "answers": ["equal_rows=same"]}
        batch = import_file(old, tmp_path / name, kind=Kind.CLAIM, **said).batch
    found = old.versions(batch)
    assert (found.known, found.changed, found.new) == (1, 0, 1)
