"""Write a staged file's rows as the Parquet of one batch."""

from __future__ import annotations

from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.warehouse.records import glob_free
from reconcile.warehouse.staged import Staged

REJECTS = "rejected_row"
_CANONICAL = "warehouse_canonical"


def write_batch(engine: Engine, table: str, staged: Staged, *, folder: Path, batch_id: str) -> None:
    """Write `rows.parquet`, and `rejects.parquet` if a row was rejected, into a folder.

    Raises:
        WarehouseError: The table is not canonical, or has another number of rows than staged.
    """
    _check_columns(engine, table, staged)
    jobs = [(table, folder / "rows.parquet", staged.rows)]
    if staged.rejected:
        jobs.append((REJECTS, folder / "rejects.parquet", staged.rejected))
    for source, path, expected in jobs:
        params = {"batch": batch_id, "file": staged.name, "file_no": staged.file_no}
        engine.execute("warehouse/write_rows", table=source, path=str(path), **params)
        [(found,)] = engine.query("warehouse/rows_in_file", path=glob_free(path))
        if source == table and found != expected:
            raise WarehouseError(
                f"{staged.name}: {found} rows of {source} were written, {expected} were read. "
                "Nothing was stored; this is a defect of the import."
            )


def _check_columns(engine: Engine, table: str, staged: Staged) -> None:
    """Refuse a table that later releases could not read: a batch must last for years."""
    engine.table(_CANONICAL, f"warehouse/{staged.kind.value}/empty")
    wrong = engine.query("warehouse/wrong_column", table=table, canonical=_CANONICAL)
    engine.drop(_CANONICAL)
    if wrong:
        told = "; ".join(f"{name} is {found}, not {wanted}" for name, found, wanted in wrong)
        raise WarehouseError(
            f"{staged.name}: table {table!r} does not have the columns of a {staged.kind.value}: "
            f"{told}. Nothing was stored; this is a defect of the import."
        )
