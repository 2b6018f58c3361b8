"""Make batches readable as the canonical tables, each row once in its newest version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.terms import Kind
from reconcile.warehouse.choosing import Hidden, full_periods, hide, overlap_parts
from reconcile.warehouse.records import FORMAT_VERSION, Batch, glob_free

_NOTHING = Hidden(frozenset(), frozenset())


def attach(engine: Engine, batches: Sequence[Batch]) -> None:
    """Make `lead`, `event`, `claim` and `source_file` from batches; see `Store.attach`."""
    for batch in batches:
        _check_file(batch)
    parts = overlap_parts(batches)
    _name_files(engine, batches, parts)
    for kind in Kind:
        _attach_kind(
            engine,
            kind,
            {number: b for number, b in enumerate(batches, 1) if b.kind is kind},
            parts,
        )


def _name_files(engine: Engine, batches: Sequence[Batch], parts: dict[str, int]) -> None:
    """Make the small tables that give each batch its number, and its rank by age."""
    by_age = sorted(batches, key=lambda batch: (batch.made_at, batch.id))
    newness = {batch.id: rank for rank, batch in enumerate(by_age)}
    numbers = list(range(1, len(batches) + 1))
    ids = [batch.id for batch in batches]
    engine.table(
        "batch_file",
        "warehouse/batch_file",
        file_no=numbers,
        batch=ids,
        part=[parts.get(batch_id) for batch_id in ids],
        newness=[newness[batch_id] for batch_id in ids],
        period_from=[batch.period_from for batch in batches],
        period_to=[batch.period_to for batch in batches],
    )
    engine.table("full_period", "warehouse/full_period", **full_periods(batches, parts, newness))
    engine.table(
        "source_file",
        "warehouse/source_file",
        file_no=numbers,
        batch=ids,
        kind=[batch.kind.value for batch in batches],
        file=[batch.file for batch in batches],
        sender=[batch.sender for batch in batches],
        has_amount=[batch.has_amount for batch in batches],
        period_from=[batch.period_from for batch in batches],
        period_to=[batch.period_to for batch in batches],
    )


def _attach_kind(
    engine: Engine, kind: Kind, numbered: dict[int, Batch], parts: dict[str, int]
) -> None:
    """Make the table or view of one kind; only overlapping batches pay for the choosing."""
    name = kind.value
    for suffix in ("", "_newest", "_straight", "_hidden", "_identity"):
        engine.drop(f"{name}{suffix}")
    overlapping = {number: b for number, b in numbered.items() if b.id in parts}
    hidden = _hide(engine, kind, overlapping) if overlapping else _NOTHING
    straight = [b for n, b in numbered.items() if n not in hidden.wholly | hidden.partly]
    if not straight and not hidden.partly:
        engine.table(name, f"warehouse/{name}/empty")
        return
    if hidden.partly:
        newest = [overlapping[number] for number in sorted(hidden.partly)]
        engine.view_parquet(f"{name}_overlapping_file", _patterns(newest))
        engine.execute(f"warehouse/{name}/newest")
    if straight:
        engine.view_parquet(f"{name}_file", _patterns(straight))
        engine.execute(f"warehouse/{name}/straight")
    else:
        engine.table(f"{name}_straight", f"warehouse/{name}/empty")
    engine.execute(f"warehouse/{name}/{'all' if hidden.partly else 'only_straight'}")


def _hide(engine: Engine, kind: Kind, overlapping: dict[int, Batch]) -> Hidden:
    engine.view_parquet(f"{kind}_overlapping_file", _patterns(overlapping.values()))
    engine.execute("warehouse/macros")
    return hide(engine, kind, overlapping)


def _check_file(batch: Batch) -> None:
    if batch.format_version > FORMAT_VERSION:
        raise WarehouseError(
            f"batch {batch.id} ({batch.file}): written by a newer release (format "
            f"{batch.format_version}; this one knows up to {FORMAT_VERSION}). "
            "Install that release or a later one."
        )
    for path in batch.rows_paths:
        if not path.is_file():
            raise WarehouseError(
                f"batch {batch.id} ({batch.file}): {path} is missing. Restore it from a "
                f"copy, or undo the batch and import {batch.file} again."
            )


def _patterns(batches: Iterable[Batch]) -> list[str]:
    return [glob_free(path) for batch in batches for path in batch.rows_paths]
