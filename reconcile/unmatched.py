"""What came nearest to the left-overs of a stored run, kept in a file beside its rows.

A run of all rows writes the file itself: all it needs lies in memory then. A run that only decides
anew what a few rows touch does not, because what is near may be any row, so that nearly all would
have to be read. For such a run, and for one of an earlier release, the file is made when it is
first asked for. Both ways ask the same questions of the same rows, so both give the same rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconcile.asked import asked_of, inputs_of
from reconcile.engine import Engine, ranges_for
from reconcile.errors import WarehouseError
from reconcile.matching.nearest import LONGEST_ID, SHORTEST_ID, find_nearest, keep_near
from reconcile.matching.parameters import RULE_VERSION, RunParameters
from reconcile.matching.reconciling import Work, reconcile_tables
from reconcile.terms import Kind, Side
from reconcile.warehouse import RunRecord, Store, glob_free

NEAREST = "nearest.parquet"

_MISSPELLED = 5

Record = dict[str, Any]


def keep_nearest(engine: Engine, parameters: RunParameters, folder: Path) -> None:
    """Write what is nearest to the left-overs of a run of all rows, from the tables it left."""
    find_nearest(engine, parameters, "row_in_scope")
    engine.write_parquet(folder / NEAREST, "run_nearest")


def view_nearest(engine: Engine, store: Store, run_id: str) -> str | None:
    """Make the table `run_nearest` of a stored run, whose file is made now if it is not there.

    Returns:
        Why it is empty, in one sentence, where it cannot be made any more; else None.

    Raises:
        NotFound: There is no such run.
    """
    engine.once("nearest/macros")
    record = store.run(run_id)
    path = store.run_path(record.id) / NEAREST
    trouble = None if path.is_file() else _make(store, record, path)
    if trouble is None:
        engine.view_parquet("run_nearest", [glob_free(path)])
    else:
        engine.table("run_nearest", "nearest/none")
    return trouble


def must_wait(store: Store, run_id: str) -> bool:
    """Return whether what came nearest in a run has to be made by whoever asks first.

    Raises:
        NotFound: There is no such run.
    """
    record = store.run(run_id)
    path = store.run_path(record.id) / NEAREST
    return not path.is_file() and _can_be_made(record, path)


def _can_be_made(record: RunRecord, path: Path) -> bool:
    return record.rule_version == RULE_VERSION and _left(path.parent).is_file()


def misspelled(engine: Engine, store: Store, run_id: str, row: Record) -> list[Record]:
    """List leads, and rows of the other side, whose id is one edit away from that of a left-over.

    All rows of the run are looked at, also those that found their partner, which `run_nearest`
    leaves out: one row can be held against millions, not each of thousands. None where more than
    five are found: ids are numbered one after the other then, and a neighbour says nothing.

    Args:
        engine: One with `run_row` of the run; its tables of rows are made anew.
        store: The warehouse.
        run_id: The run.
        row: A record of a left-over row.
    """
    id_ = row["transaction_id"]
    if id_ is None or not SHORTEST_ID <= len(id_) <= LONGEST_ID:
        return []
    ask = asked_of(store, store.run(run_id))
    kinds = {Kind.LEAD, Kind.EVENT if row["side"] == Side.CLAIM else Kind.CLAIM}
    store.attach(engine, [batch for batch in ask.batches if batch.kind in kinds])
    asked = {"side": row["side"], "id": id_, "most": _MISSPELLED + 1}
    found = engine.records("nearest/one_edit_taken", **asked)
    return found if len(found) <= _MISSPELLED else []


def find_fitting(
    engine: Engine, store: Store, run_id: str, *, at: Mapping[str, object] | None = None
) -> bool:
    """Make `damage_fit`: the known leads that damaged ids of proposed rows fit, or of a row.

    Args:
        engine: One with `run_row` and `run_proposal` of the run.
        store: The warehouse.
        run_id: The run.
        at: `side`, `batch` and `line` of the only row that is asked for.

    Returns:
        Whether there is a damaged id at all; without one no lead is read.
    """
    asked = {"side": None, "batch": None, "line": None, **(at or {})}
    if not engine.table("damage_seen", "accepting/odd_id", **asked):
        engine.table("damage_fit", "matching/no_damage_fit")
        return False
    batches = asked_of(store, store.run(run_id)).batches
    store.attach(engine, [batch for batch in batches if batch.kind is Kind.LEAD])
    engine.table("damage_fit", "matching/damage_fit")
    return True


def _make(store: Store, record: RunRecord, path: Path) -> str | None:
    if not _can_be_made(record, path):
        return f"run {record.id} was made by an earlier release; a new run says it"
    try:
        # Aside first, because another process may look for the file at any time.
        with tempfile.TemporaryDirectory(prefix="nearest-", dir=path.parent) as aside:
            _write(store, record, Path(aside), path)
    except WarehouseError as error:
        return str(error)
    return None


def _left(folder: Path) -> Path:
    return folder / "run_left.parquet"


def _write(store: Store, record: RunRecord, aside: Path, path: Path) -> None:
    """Reconcile the ids with left-overs once more, and look for what is near among their rows.

    All leads are read, because a damaged id is whose only if no other lead fits. Where sold leads
    are the claims, that makes all claims be read, so all events are read, too.
    """
    ask, engine = asked_of(store, record), Engine(temp_dir=aside)
    try:
        store.attach(engine, ask.batches)
        if not ask.leads_are_claims:
            engine.view_parquet("left_id", [glob_free(_left(path.parent))])
            keep_near(engine, (Kind.EVENT, Kind.CLAIM))
            engine.drop("left_id")
        parameters = ask.parameters
        rows = sum(batch.rows for batch in ask.batches)
        # Any watermark will do: the classes are those of the stored run.
        work = Work(
            ask.leads_are_claims,
            ranges=ranges_for(rows, engine.memory_limit),
            watermark=parameters.period[1],
        )
        reconcile_tables(engine, parameters, inputs_of(store, ask), work)
        engine.view_parquet("told", [glob_free(path.parent / "run_row.parquet")])
        find_nearest(engine, parameters, "told")
        engine.write_parquet(aside / NEAREST, "run_nearest")
        (aside / NEAREST).replace(path)
    finally:
        engine.close()
