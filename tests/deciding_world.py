"""Stored runs made of rows, without importing: what decisions have to find again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reconcile import RunParameters, Store
from reconcile.filtering import FindingFilter
from reconcile.matching.parameters import Cover
from reconcile.reading import findings
from reconcile.warehouse import RunRecord
from reconcile.warehouse.records import new_id, now_utc

TEXT = (
    *("side", "file", "transaction_id", "event_id", "class", "reason", "flags"),
    *("rule", "evidence"),
)
MORE_TEXT = ("partner_file", "currency", "buyer", "campaign_id", "status", "batch")
MONEY = pa.decimal128(38, 4)
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in (*TEXT, *MORE_TEXT, "partner_batch", "rival_file")),
        *((name, pa.int64()) for name in ("line", "partner_line", "rival_line", "shared")),
        *((name, MONEY) for name in ("bridge", "revenue")),
        ("day", pa.date32()),
        ("occurred_at", pa.timestamp("us")),
    ]
)
EMPTY = {
    "bridge": pa.schema(
        [
            *((name, pa.string()) for name in ("currency", "buyer", "campaign_id", "bucket")),
            ("day", pa.date32()),
            ("amount", MONEY),
        ]
    ),
    "run_choice": pa.schema([("nothing", pa.string())]),
}
_NOTHING = '{"totals": [], "classes": []}'
WHOLE = (Cover(None, datetime(2026, 1, 1), datetime(2027, 6, 1)),)
NOVEMBER = RunParameters(
    date_from=date(2026, 11, 1),
    date_to=date(2026, 12, 1),
    zone="UTC",
    event_cover=WHOLE,
    claim_cover=WHOLE,
)


def finding(name: str, amount: str | None = "40.00", **changed: Any) -> dict[str, Any]:
    """Return a missing event of a lead: a claim of acme on 3 November, changed."""
    at = changed.pop("at", datetime(2026, 11, 3, 10))
    money = None if amount is None else Decimal(amount)
    row = {
        "side": "claim",
        "class": "missing_event",
        "transaction_id": name,
        "event_id": "sale",
        "buyer": "acme",
        "campaign_id": "c1",
        "currency": "USD",
        "status": "approved",
        "file": "acme.csv",
        "batch": "b1",
        "occurred_at": at,
        "day": at and at.date(),
        "revenue": money,
        "bridge": money or Decimal(0),
        "shared": 0,
    }
    return row | changed


def pair(name: str, ours: str, theirs: str, **changed: Any) -> list[dict[str, Any]]:
    """Return both rows of a pair whose amounts differ; the finding is its claim."""
    difference = Decimal(theirs) - Decimal(ours)
    same = {"class": "revenue_mismatch", "reason": "amount", "rule": "exact", "shared": 1}
    same |= {"bridge": difference}
    event = finding(name, ours, side="event", status=None, file="events.csv", batch="e1")
    claim = finding(name, theirs, partner_batch="e1", partner_file="events.csv")
    return [claim | same | changed, event | same]


def store_run(
    store: Store,
    rows: Iterable[Mapping[str, Any]],
    *,
    parameters: RunParameters = NOVEMBER,
    leads_are_claims: bool = False,
) -> str:
    """Keep a run of these rows, in this order from line 2 on of their files; return its id."""
    found = [dict(row) for row in rows]
    for line, row in enumerate(found, 2):
        row.setdefault("line", line)
    events = {row["transaction_id"]: row["line"] for row in found if row["side"] == "event"}
    for row in found:
        if row.get("partner_batch"):
            row["partner_line"] = events[row["transaction_id"]]
    folder = store.new_run_dir()
    pq.write_table(pa.Table.from_pylist(found, schema=SCHEMA), folder / "run_row.parquet")
    return record_run(store, folder, parameters=parameters, leads_are_claims=leads_are_claims)


def record_run(
    store: Store,
    folder: Path,
    *,
    parameters: RunParameters = NOVEMBER,
    leads_are_claims: bool = False,
) -> str:
    """Keep a run whose rows a folder has; what it lacks beside them is empty. Return its id."""
    for name, schema in EMPTY.items():
        if not (folder / f"{name}.parquet").exists():
            pq.write_table(schema.empty_table(), folder / f"{name}.parquet")
    asked = {
        "parameters": parameters.to_json_values(),
        "leads_are_claims": leads_are_claims,
        "settings": [],
        "confirmed": [],
    }
    text = json.dumps(asked)
    store.record_run(RunRecord(folder.name, now_utc(), text, (), (), "1", _NOTHING, new_id(), 0))
    return folder.name


def states(store: Store, run_id: str, **only: Any) -> dict[str, str]:
    """Return transaction id to state, with what moved behind it where it is stale."""
    rows = findings(store, run_id, only=FindingFilter(**only), limit=10**9)
    return {
        row["transaction_id"]: row["state"] + (f" ({row['stale']})" if row["stale"] else "")
        for row in rows
    }


def named(*ids: str) -> FindingFilter:
    """Return the filter of these transaction ids."""
    return FindingFilter(ids=ids)
