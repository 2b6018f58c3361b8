"""The jobs that DuckDB does here by itself; each is run in a process of its own.

What a job answers is printed as one line of JSON, so that the counts of all tools can be compared.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.places import HERE, Sample

TEXTS = dict.fromkeys(("transaction_id", "event_id", "buyer"), "VARCHAR")
EVENT = {**TEXTS, "occurred_at": "TIMESTAMP", "revenue": "DECIMAL(18,4)"}
# Some reports give local times with their offset, which a plain TIMESTAMP would drop.
CLAIM = {**EVENT, "occurred_at": "TIMESTAMPTZ"}


def question(name: str) -> str:
    """Return the text of a question of this benchmark."""
    return (HERE / "sql" / f"{name}.sql").read_text("utf-8")


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection that is set as its best users would."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute("set preserve_insertion_order = false")
    return con


def scan(sample: Sample) -> None:
    """Read every cell of every file, as DuckDB reads them by itself."""
    for path in sample.inputs:
        connect().execute(question("scan"), {"path": str(path)}).fetchall()


def bare_join(sample: Sample) -> None:
    """Join the files of both sides by their ids."""
    _over_csv(sample).execute(question("bare_join")).fetchall()


def text_union(sample: Sample) -> None:
    """Do the simple job over the files by one aggregation of text keys."""
    _say(_over_csv(sample).execute(question("text_union")).fetchall())


def text_outer(sample: Sample) -> None:
    """Do the simple job over the files by a full outer join of text keys."""
    _say(_over_csv(sample).execute(question("text_outer")).fetchall())


def text_stored(sample: Sample) -> None:
    """Do the simple job over the stored batches by one aggregation of text keys."""
    con = connect()
    view_store(con, sample)
    _say(con.execute(question("text_union")).fetchall())


def copy(sample: Sample, kind: str) -> None:
    """Copy the files of a kind to Parquet, with fitting types and nothing else."""
    sample.scratch.mkdir(exist_ok=True)
    con = connect()
    for path in files_of(sample, kind):
        target = sample.scratch / f"copied_{path.stem}.parquet"
        con.execute(question(f"copy_{kind}"), {"path": str(path), "target": str(target)})


def split(sample: Sample) -> None:
    """Split events and reports into all rows but the last hundredth, and that, as two folders.

    Rows after the period are in neither, so that the second part is later than all of the first.
    """
    con, end = connect(), "2026-12-01T08:00:00Z"
    asked = {"path": str(sample.events), "until": end}
    ((cut,),) = con.execute(question("cut"), asked).fetchall()
    for part, start, until in (("first", "2000-01-01", cut), ("last", cut, end)):
        folder = sample.folder / "parts" / part
        folder.mkdir(parents=True, exist_ok=True)
        for path in (sample.events, *sample.claims):
            asked = {"path": str(path), "target": str(folder / path.name)}
            asked |= {"from": start, "until": until, "untimed": "2026-11-01"}
            con.execute(question("split"), asked)


def files_of(sample: Sample, kind: str) -> list[Path]:
    """Return the sample's files of a kind."""
    return {"lead": [sample.leads], "event": [sample.events], "claim": sample.claims}[kind]


def _over_csv(sample: Sample) -> duckdb.DuckDBPyConnection:
    con = connect()
    con.read_csv(str(sample.events), dtype=EVENT).create_view("event_file")
    claims: Any = [str(path) for path in sample.claims]  # its stubs know one path only
    con.read_csv(claims, dtype=CLAIM).create_view("claim_file")
    for side in ("event", "claim"):
        con.sql(question(f"csv_{side}")).create_view(f"{side}_row")
    return con


def view_store(con: duckdb.DuckDBPyConnection, sample: Sample) -> None:
    """Make `event_row` and `claim_row` of the stored batches."""
    paths = json.loads((sample.folder / "stored.json").read_text("utf-8"))
    for side in ("event", "claim"):
        con.read_parquet(paths[side], union_by_name=True).create_view(f"{side}_file")
        con.sql(question(f"stored_{side}")).create_view(f"{side}_row")


def list_store(sample: Sample) -> None:
    """Keep the Parquet files of the visible batches beside the warehouse, by kind.

    Thereby a job over them need not load our code, whose start would count as its own.
    """
    from reconcile.terms import Kind
    from reconcile.warehouse import open_store

    store = open_store(sample.store)
    listed = {
        kind.value: [str(path) for batch in store.batches(kind) for path in batch.rows_paths]
        for kind in Kind
    }
    store.close()
    (sample.folder / "stored.json").write_text(json.dumps(listed), encoding="utf-8")


def _say(groups: list[tuple[Any, ...]]) -> None:
    """Print keys, rows and money of each class as JSON, summed over buyers and days."""
    totals: dict[str, list[Any]] = {}
    for name, _, _, *numbers in groups:
        total = totals.setdefault(name, [0, 0, 0, Decimal(0), Decimal(0)])
        for place, number in enumerate(numbers):
            total[place] += number or 0
    print(json.dumps({"counts": {k: [*map(_plain, v)] for k, v in sorted(totals.items())}}))


def _plain(number: Any) -> Any:
    return f"{number:.2f}" if isinstance(number, Decimal) else number


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return what a piece of work within this process takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


JOBS: dict[str, Callable[[Sample], None]] = {
    "scan": scan,
    "bare_join": bare_join,
    "text_union": text_union,
    "text_outer": text_outer,
    "text_stored": text_stored,
    "copy_lead": partial(copy, kind="lead"),
    "copy_event": partial(copy, kind="event"),
    "copy_claim": partial(copy, kind="claim"),
    "split": split,
    "list_store": list_store,
}
