"""The sample of the funnel benchmark: two exports, their warehouse, and the same rows numbered.

Made once per size and kept in `benchmarks/data/funnel`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.places import DATA
from benchmarks.preparing import RECONCILE, quietly

HERE = Path(__file__).resolve().parent
EVENTS_OF_A_LEAD = 2.53
"""Rows of the event export per lead."""


@dataclass(frozen=True)
class FunnelSample:
    """The files of one size, in a folder named by the number of events."""

    folder: Path

    @property
    def events(self) -> int:
        """Return the number of events, about."""
        return int(self.folder.name)

    @property
    def store(self) -> Path:
        """Return the warehouse of both exports."""
        return self.folder / "store"

    @property
    def numbered(self) -> Path:
        """Return the rows of the steps, each with a small number of its lead."""
        return self.folder / "numbered.parquet"


def sample_of(events: int) -> FunnelSample:
    """Return the sample of so many events, made if need be."""
    sample = FunnelSample(DATA / "funnel" / str(events))
    if not sample.numbered.is_file():
        print(f"making a sample of {events:,} events and importing it (minutes, only once)")
        _make(sample)
    return sample


def question(name: str) -> str:
    """Return the text of a question of this benchmark."""
    return (HERE / "sql" / f"{name}.sql").read_text("utf-8")


def _make(sample: FunnelSample) -> None:
    shutil.rmtree(sample.folder, ignore_errors=True)
    sample.folder.mkdir(parents=True)
    leads, events = sample.folder / "leads.csv", sample.folder / "events.csv"
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute("set preserve_insertion_order = false")
    asked = {"leads": round(sample.events / EVENTS_OF_A_LEAD)}
    con.sql(question("lead"), params=asked).create("lead")
    con.sql(question("lead_export")).write_csv(str(leads), header=True)
    con.sql(question("event_export")).write_csv(str(events), header=True)
    con.close()
    for kind, path in (("lead", leads), ("event", events)):
        quietly([*RECONCILE, "import", str(path), "--kind", kind, "--home", str(sample.store)])
    files = {"leads": str(leads), "events": str(events)}
    numbered = duckdb.connect().sql(question("numbered"), params=files)
    numbered.write_parquet(str(sample.numbered))
    leads.unlink()
    events.unlink()
