"""Rows that a run matched and kept no row of: reconciled once more, for the one id that is asked.

Nine rows in ten are clean pairs, of which a run keeps sums only. What it said of one of them
follows from the rows of its id, and of those that its loose id could join, so that it can be said
again at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reconcile.asked import Asked, asked_of, inputs_of
from reconcile.engine import Engine
from reconcile.matching.parameters import RULE_VERSION
from reconcile.matching.reconciling import Work, add_matched_rows, reconcile_tables
from reconcile.terms import Kind, Side
from reconcile.warehouse import Batch, Store, check_files, glob_free


@contextmanager
def matched_tables(
    store: Store, run_id: str, *, side: str | None, place: str, line: int
) -> Iterator[Engine | None]:
    """Lend an engine whose `run_row` has the rows of the id that stands at a place of a run.

    Only its matched rows mean anything: others may depend on rows of other ids. None if no batch of
    the run has such a row, or if the rules have changed since.

    Args:
        store: The warehouse.
        run_id: A stored run.
        side: "event" or "claim"; None for both.
        place: A batch, or a file or the end of its path.
        line: The line in it.
    """
    record = store.run(run_id)
    if record.rule_version != RULE_VERSION:
        yield None
        return
    ask, engine = asked_of(store, record), Engine()
    try:
        ids = {
            found
            for batch in ask.batches
            if is_at(batch, place) and batch.kind in _kinds(ask, side)
            for found in _ids(engine, batch, line)
        }
        if ids:
            _find_ids(engine, store, run_id, ids)
            _reconcile(engine, store, ask)
        yield engine if ids else None
    finally:
        engine.close()


def is_at(batch: Batch, place: str) -> bool:
    """Return whether a place names a batch: its id, its file, or the end of that."""
    return place in (batch.id, batch.file) or batch.file.endswith(f"/{place}")


def _kinds(ask: Asked, side: str | None) -> set[Kind]:
    claims = Kind.LEAD if ask.leads_are_claims else Kind.CLAIM
    kinds = {Side.EVENT: Kind.EVENT, Side.CLAIM: claims}
    return {kind for name, kind in kinds.items() if side in (None, name)}


def _ids(engine: Engine, batch: Batch, line: int) -> list[tuple[int, int]]:
    """Return the key of the id at a line of a batch, none where it has no id."""
    check_files([batch])
    engine.view_parquet("batch_row", [glob_free(path) for path in batch.rows_paths])
    rows = engine.records("reading/source_row", batch=batch.id, line=line)
    return [(row["key_hi"], row["key_lo"]) for row in rows if row["key_hi"] is not None]


def _find_ids(engine: Engine, store: Store, run_id: str, ids: set[tuple[int, int]]) -> None:
    """Make `affected_id`: these ids, and those of rows that may be joined to theirs loosely."""
    key = {"key_hi": "bigint", "key_lo": "bigint"}
    left = store.run_path(run_id) / "run_left.parquet"
    if not left.is_file():  # the first runs did not keep it
        engine.upload("affected_id", key, sorted(ids))
        return
    engine.upload("asked_id", key, sorted(ids))
    engine.view_parquet("run_left", [glob_free(left)])
    engine.table("affected_id", "reading/asked_id")


def _reconcile(engine: Engine, store: Store, ask: Asked) -> None:
    store.hold(engine, ask.batches, {kind: f"increment/affected_{kind}" for kind in Kind})
    parameters = ask.parameters
    events = parameters.alias.get("event", {})
    store.attach(engine, ask.batches, held=True, events=events)
    # Any watermark will do: it only decides of rows that found no partner.
    work = Work(ask.leads_are_claims, with_matched=True, watermark=parameters.period[1])
    reconcile_tables(engine, parameters, inputs_of(store, ask), work)
    add_matched_rows(engine)
    engine.view("run_row", "reading/matched_row")
    engine.table("run_choice", "matching/choice_out")
