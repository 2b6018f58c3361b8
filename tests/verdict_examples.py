"""The examples of docs/verdicts.md as a world of files: one November, judged by one run."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conftest import ROOT
from reconcile import Kind, Store, import_file, load_settings, run
from reconcile.matching.parameters import load_parameters

Row = dict[str, str]
Example = dict[str, Any]

EXAMPLES: list[Example] = tomllib.loads(
    (ROOT / "tests" / "data" / "verdict_examples.toml").read_text("utf-8")
)["example"]

COLUMNS = {
    "event": ("event_id", "transaction_id", "campaign_id", "occurred_at", "revenue", "currency"),
    "lead": ("transaction_id", "campaign_id", "created_at"),
}
COLUMNS["event"] = (*COLUMNS["event"], "buyer")
COLUMNS["claim"] = (*COLUMNS["event"], "status")

SETTINGS = """campaign_id,event_id,name,is_conversion,allows_duplicates,position
solar,sale,Sale,yes,no,1
garden,sale,Sale,yes,no,1
"""
PARAMETERS = """
date_from = 2026-11-01
date_to = 2026-12-01
zone = "UTC"
tolerance = 0.05
grace_days = 3
watermark = 2026-11-30T20:00:00Z
currency = "USD"

[[lead_cover]]
from = 2026-08-01
to = 2027-01-01

[[event_cover]]
campaign = "solar"
from = 2026-08-01
to = 2027-01-01

[[claim_cover]]
buyer = "acme"
from = 2026-08-01
to = 2027-01-01
"""


def rows(kind: str) -> Iterator[Row]:
    """Yield the rows of all examples of one side, or the leads that they need."""
    for number, example in enumerate(EXAMPLES, start=1):
        usual = {
            "transaction_id": example.get("id", f"lead-{number:02}"),
            "campaign_id": example.get("campaign", "solar"),
            "buyer": example.get("buyer", "acme"),
        }
        if kind == "lead":
            if example.get("lead", True):
                yield usual | {"created_at": "2026-10-20T09:00:00Z"}
            continue
        for row in example.get(kind, ()):
            yield usual | {
                "transaction_id": row.get("id", usual["transaction_id"]),
                "event_id": row.get("event", "sale"),
                "occurred_at": time_of(row["day"]),
                "revenue": row["revenue"],
                "currency": "USD",
                "status": row.get("status", "approved"),
            }


def time_of(day: str) -> str:
    """Return noon of a day of November, or of a day that names its month."""
    return f"2026-{day if '-' in day else f'11-{day}'}T12:00:00Z"


def load(store: Store, folder: Path) -> str:
    """Load all examples, reconcile them, and return the run's id."""
    for kind in Kind:
        path = folder / f"{kind}s.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[kind], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows(kind))
        import_file(store, path, kind=kind)
    (folder / "settings.csv").write_text(SETTINGS)
    store.replace_settings(load_settings(folder / "settings.csv"))
    (folder / "run.toml").write_text(PARAMETERS)
    return run(store, load_parameters(folder / "run.toml")).id
