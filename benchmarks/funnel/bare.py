"""What we take for the times alone: the fact table of numbered rows without money or attributes.

It starts from what ClickHouse, polars and pandas start from in memory, and gives what they give.
"""

from __future__ import annotations

from datetime import UTC, timedelta

import duckdb

from benchmarks.funnel.sample import FunnelSample, question
from benchmarks.jobs import timed
from reconcile.engine import Engine
from reconcile.funnel.definition import FunnelDefinition
from reconcile.funnel.facts import chain_rows
from reconcile.funnel.judging import Funnel
from reconcile.zones import day_offsets

TABLES = ("lead", "entry", "row")
DAY_COLUMNS = {
    "utc_day": "date",
    "change_at": "timestamp",
    "ahead_before": "interval",
    "ahead_after": "interval",
}


def bare(sample: FunnelSample, definition: FunnelDefinition) -> tuple[dict[str, float], list[int]]:
    """Return what the fact table of times takes, and how many leads reached each step by it."""
    engine = Engine()
    try:
        _load(engine, sample, definition)
        taken = timed(lambda: chain_rows(engine, definition))
        counts = Funnel(engine, definition, None).counts()
    finally:
        engine.close()
    return taken, [row["reached"] for row in counts]


def _load(engine: Engine, sample: FunnelSample, definition: FunnelDefinition) -> None:
    con = duckdb.connect()
    path = {"path": str(sample.numbered)}
    for name in TABLES:
        rows = con.sql(question(f"bare_{name}"), params=path).to_arrow_table()
        engine.load_arrow(f"funnel_{name}", rows)
    [(first, last)] = con.execute(question("bare_span"), path).fetchall()
    days = day_offsets(first - timedelta(days=1), last + timedelta(days=1), UTC)
    engine.upload("funnel_day", DAY_COLUMNS, days)
    steps = [(number, number) for number in range(2, len(definition.names) + 1)]
    engine.upload("funnel_step", {"step": "integer", "class_no": "utinyint"}, steps)
    con.close()
