"""Columns that a large file lacks are not written again and again, and nothing is lost by it."""

from __future__ import annotations

import csv
from datetime import date

import pyarrow.parquet as pq
import pytest

from cli_help import write
from reconcile import CompareFiles, Kind, RunParameters, compare, import_file
from reconcile.engine import Engine
from reconcile.importing.opening import chunks
from reconcile.importing.reading import readers
from reconcile.warehouse import attaching, open_store

OCTOBER = RunParameters(date(2026, 10, 1), date(2026, 11, 1), "UTC")
EVENTS = "transaction_id,event_id,buyer,occurred_at,revenue,currency\n"


@pytest.mark.parametrize("first", ["plain", "spoken"])
def test_reports_of_unlike_columns_are_compared_by_all_their_columns(tmp_path, monkeypatch, first):
    """The first of two large reports has no status: the rejections of the second still count."""
    monkeypatch.setattr(readers, "SMALL", 0)
    day = "2026-10-05T10:00:00Z,10.00,USD"
    events = write(tmp_path, "events.csv", f"{EVENTS}a1,sale,acme,{day}\nb1,sale,bolt,{day}\n")
    reports = {
        "plain": write(tmp_path, "plain.csv", f"{EVENTS}a1,sale,acme,{day}\n"),
        "spoken": write(
            tmp_path,
            "spoken.csv",
            f"{EVENTS.strip()},status,reason\nb1,sale,bolt,{day},rejected,too old\n",
        ),
    }
    claims = [reports.pop(first), *reports.values()]
    compare(CompareFiles(events=[events], claims=claims), OCTOBER, tmp_path / "out", matched=True)
    with (tmp_path / "out" / "rows.csv").open(newline="") as rows:
        classes = {(row["side"], row["class"]) for row in csv.DictReader(rows)}
    assert ("claim", "status_conflict") in classes


@pytest.mark.parametrize("gathered", [False, True])
def test_a_batch_of_many_files_shows_its_columns_in_the_first(
    home, tmp_path, monkeypatch, gathered
):
    """The others leave out what the export lacks, and read as they would if they had it."""
    monkeypatch.setattr(chunks, "CHUNK", 1 << 14)
    lines = "".join(f"lead{n:05},2026-10-05T10:00:00Z,news{n % 3}\n" for n in range(9000))
    path = write(tmp_path, "leads.csv", f"transaction_id,created_at,sub2\n{lines}")
    if gathered:
        monkeypatch.setattr(attaching, "MANY_BATCHES", 1)
    with open_store() as store:
        batch = import_file(store, path, kind=Kind.LEAD).batch
        engine = Engine()
        store.attach(engine, store.batches())
        rows = engine._con.execute(
            "select line_no, sub1, sub2, cost from lead order by all"
        ).fetchall()
        engine.close()
    first, *others = [set(pq.read_schema(part).names) for part in batch.rows_paths]
    assert others
    assert all(first - other >= {"sub1", "cost", "utm_term", "status"} for other in others)
    assert all("sub2" in other for other in others)
    assert rows == [(n + 2, None, f"news{n % 3}", None) for n in range(9000)]
