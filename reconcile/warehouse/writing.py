"""Write a staged file's rows as the Parquet of one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.warehouse.records import glob_free
from reconcile.warehouse.staged import Staged

REJECTS = "rejected_row"
_CANONICAL = "warehouse_canonical"
_PARTS = "warehouse_parts"


@dataclass(frozen=True)
class Place:
    """The id of a batch to come, and the folder in which its files are written."""

    batch: str
    folder: Path


def write_table(engine: Engine, table: str, staged: Staged, *, place: Place) -> None:
    """Write the rows of a table as `rows.parquet`.

    Raises:
        WarehouseError: The table is not canonical, or has another number of rows than staged.
    """
    _check_columns(engine, table, staged)
    path = place.folder / "rows.parquet"
    _write(engine, table, staged, path=path, batch=place.batch)
    _check_rows(engine, staged, [path])


def check_parts(engine: Engine, staged: Staged) -> None:
    """Refuse parts that later releases could not read, or that lack a row.

    Raises:
        WarehouseError: Their columns are not canonical, or they have another number of rows.
    """
    engine.view_parquet(_PARTS, [glob_free(path) for path in staged.parts])
    _check_columns(engine, _PARTS, staged)
    engine.drop(_PARTS)
    _check_rows(engine, staged, staged.parts)


def write_rejects(engine: Engine, staged: Staged, *, place: Place) -> None:
    """Write `rejects.parquet` if a row was rejected."""
    if staged.rejected:
        path = place.folder / "rejects.parquet"
        _write(engine, REJECTS, staged, path=path, batch=place.batch)


def _write(engine: Engine, table: str, staged: Staged, *, path: Path, batch: str) -> None:
    params = {"batch": batch, "file": staged.name, "file_no": staged.file_no}
    engine.execute("warehouse/write_rows", table=table, path=str(path), **params)


def _check_rows(engine: Engine, staged: Staged, paths: Sequence[Path]) -> None:
    [(found,)] = engine.query("warehouse/rows_in_file", path=[glob_free(path) for path in paths])
    if found != staged.rows:
        raise WarehouseError(
            f"{staged.name}: {found} rows of {staged.kind} were written, {staged.rows} were read. "
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
