"""Canonical rows and staged files for the tests of the warehouse."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from inspect import cleandoc
from pathlib import Path
from typing import Any

from reconcile.engine import Engine
from reconcile.terms import Kind
from reconcile.warehouse import Batch, RunRecord, Store

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class StandIn:
    """A staged file, as importing would describe it."""

    name: str
    kind: Kind = Kind.EVENT
    sha256: str = "00"
    file_no: int = 1
    sender: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = ","
    sheet: str | None = None
    zone: str = "UTC"
    zone_stated_by: str = "run"
    mapping: dict[str, str | list[str]] = field(default_factory=dict)
    has_amount: bool = True
    rows: int = 0
    parts: tuple[Path, ...] = ()
    rejected: int = 0
    line_classes: dict[str, int] = field(default_factory=dict)
    period_from: datetime | None = None
    period_to: datetime | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    campaigns: list[str] = field(default_factory=list)
    buyers: list[str] = field(default_factory=list)
    cut_off: bool = False
    delivery: str = "part"
    status_words: dict[str, str] = field(default_factory=dict)
    status_events: dict[str, str] = field(default_factory=dict)


def day(number: int) -> datetime:
    """Return noon of a day of November 2026."""
    return datetime(2026, 11, number, 12)


def halves(text: str) -> tuple[int, int]:
    """Return two numbers that identify a text."""
    digest = md5(text.encode()).digest()
    return int.from_bytes(digest[:7]), int.from_bytes(digest[7:14])


def upload(engine: Engine, kind: Kind, rows: Iterable[dict[str, Any]], *, file_no: int = 1) -> str:
    """Make a canonical table of rows, of which the other columns are null; return its name."""
    engine.table(kind.value, f"warehouse/{kind.value}/empty")
    empty = engine._con.table(kind.value)
    columns = {n: str(t) for n, t in zip(empty.columns, empty.types, strict=True)}
    table = [
        tuple((row | {"file_no": file_no, "line_no": line}).get(name) for name in columns)
        for line, row in enumerate(rows, 2)
    ]
    engine.upload(kind.value, columns, table)
    return kind.value


def row(name: str, at: int | None, *, occ: int = 1, lead: str | None = None) -> dict[str, Any]:
    """Return a row known by `name`, at noon of a day, of a lead if given."""
    row_hi, row_lo = halves(f"{name} {at}")
    key_hi, key_lo = halves(lead) if lead else (None, None)
    when = None if at is None else day(at)
    keys = {"row_hi": row_hi, "row_lo": row_lo, "occ": occ, "key_hi": key_hi, "key_lo": key_lo}
    return {"transaction_id": name, "occurred_at": when, **keys}


def load(
    store: Store,
    name: str,
    rows: list[dict[str, Any]],
    *,
    exported: int | None = None,
    counted: int | None = None,
    **staged: Any,
) -> Batch:
    """Commit rows as the file `name`, whose bytes are its name unless `sha256` is given."""
    times = [r["occurred_at"] for r in rows if r["occurred_at"]]
    known: dict[str, Any] = {
        "first_at": min(times, default=None),
        "last_at": max(times, default=None),
    }
    known |= {"sha256": name}
    known |= {"rows": len(rows) if counted is None else counted}
    file = StandIn(name, **(known | staged))
    engine = Engine()
    table = upload(engine, file.kind, rows)
    made = None if exported is None else day(exported)
    batch = store.commit(engine, table, file, user="ann", exported_at=made)
    engine.close()
    return batch


def names(store: Store, kind: Kind = Kind.EVENT) -> list[tuple[str, str]]:
    """Return the row names and files that count now, sorted."""
    engine = Engine()
    store.attach(engine, store.batches())
    answer = engine._con.execute(
        f"select transaction_id, file from {kind} join source_file using (file_no) order by all"
    ).fetchall()
    engine.close()
    return [(name, file) for name, file in answer]


def leftovers(store: Store) -> list[str]:
    """Return the names of batch folders and of what is being written."""
    found = [*store.warehouse.glob("*/batch=*"), *store.warehouse.glob(".incoming/*")]
    return [path.name for path in found]


def record(run_id: str) -> RunRecord:
    """Return the record of a run."""
    return RunRecord(run_id, day(2), "{}", ("b1",), ("00",), "1", '{"findings":3}', "ff", 3)


def python(code: str, home: Path, **variables: str) -> subprocess.Popen[str]:
    """Start a process of its own that runs `code` with `store` open on `home`."""
    start = "from tests.warehouse_data import *\nfrom reconcile.warehouse import open_store\n"
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", f"{start}store = open_store()\n{cleandoc(code)}"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "RECONCILE_HOME": str(home), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a process that must succeed; return what it printed."""
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    return out.strip()
