"""Make batches readable as the canonical tables, each copied row counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.terms import Kind
from reconcile.warehouse.records import FORMAT_VERSION, ONE_MICROSECOND, Batch, glob_free

_NO_TIME = datetime.min  # noqa: DTZ901 - times are naive UTC throughout
_END_OF_TIME = datetime.max  # noqa: DTZ901 - the same


def attach(engine: Engine, batches: Sequence[Batch]) -> None:
    """Make `lead`, `event`, `claim` and `source_file` from batches; see `Store.attach`."""
    for batch in batches:
        _check_file(batch)
    parts = overlap_parts(batches)
    _name_files(engine, batches, parts)
    for kind in Kind:
        own = [batch for batch in batches if batch.kind is kind]
        _attach_kind(
            engine,
            kind.value,
            straight=_patterns(batch for batch in own if batch.id not in parts),
            overlapping=_patterns(batch for batch in own if batch.id in parts),
        )


def overlap_parts(batches: Sequence[Batch]) -> dict[str, int]:
    """Return the group of each batch that overlaps another of its kind and sender.

    Equal rows have equal times, so only batches whose times meet can hold copies of a row. Batches
    that meet through a third are of one group. A batch that knows no time meets all; a sender of
    None is a sender.
    """
    by_sender: defaultdict[tuple[Kind, str | None], list[Batch]] = defaultdict(list)
    for batch in batches:
        by_sender[batch.kind, batch.sender].append(batch)
    groups = [group for own in by_sender.values() for group in _meeting(own) if len(group) > 1]
    return {batch.id: part for part, group in enumerate(groups, 1) for batch in group}


def _meeting(batches: list[Batch]) -> list[list[Batch]]:
    """Return the batches grouped by whether their times meet, directly or through others."""
    groups: list[list[Batch]] = []
    reach = _NO_TIME
    spans = [(*_span(batch), batch) for batch in batches if batch.rows]
    for start, end, batch in sorted(spans, key=lambda span: span[:2]):
        if groups and start < reach:
            groups[-1].append(batch)
        else:
            groups.append([batch])
        reach = max(reach, end)
    return groups


def _span(batch: Batch) -> tuple[datetime, datetime]:
    """Return the half-open time in which a batch's rows can lie, all time if that is unknown."""
    starts = [time for time in (batch.first_at, batch.period_from) if time]
    ends = [batch.last_at + ONE_MICROSECOND] if batch.last_at else []
    ends += [batch.period_to] if batch.period_to else []
    if not starts or not ends:
        return _NO_TIME, _END_OF_TIME
    return min(starts), max(ends)


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
    )
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


def _attach_kind(engine: Engine, kind: str, *, straight: list[str], overlapping: list[str]) -> None:
    """Make the table or view of one kind; only overlapping batches pay for the choosing."""
    for name in (kind, f"{kind}_newest", f"{kind}_straight"):
        engine.drop(name)
    if not straight and not overlapping:
        engine.table(kind, f"warehouse/{kind}/empty")
        return
    if straight:
        engine.view_parquet(f"{kind}_file", straight)
        engine.execute(f"warehouse/{kind}/straight")
    else:
        engine.table(f"{kind}_straight", f"warehouse/{kind}/empty")
    if not overlapping:
        engine.execute(f"warehouse/{kind}/only_straight")
        return
    stored = f"{kind}_overlapping_file"
    engine.view_parquet(stored, overlapping)
    copied = "warehouse/copied_lead" if kind == Kind.LEAD else "warehouse/copied_row"
    engine.table(f"{kind}_copied", copied, stored=stored)
    engine.execute(f"warehouse/{kind}/newest")
    engine.execute(f"warehouse/{kind}/all")


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
