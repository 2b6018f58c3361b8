"""What a new batch says again, says otherwise, says for the first time, and says no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconcile.engine import Engine
from reconcile.warehouse.attaching import attach
from reconcile.warehouse.choosing import overlap_parts
from reconcile.warehouse.records import FULL, Batch, coverage


@dataclass(frozen=True)
class Versions:
    """The rows of a batch beside those of the overlapping batches of its sender.

    `known` were there as they are, `changed` in another version, `new` not at all; `withdrawn` are
    rows of older files that it, whole for its period, lacks. `beside` are the other batches.
    """

    known: int
    changed: int
    new: int
    withdrawn: int
    beside: tuple[Batch, ...]


def versions_of(
    batch: Batch, visible: Sequence[Batch], *, events: Mapping[str, str]
) -> Versions | None:
    """Count what of a visible batch was there before; see `Store.versions`."""
    parts = overlap_parts(visible)
    if batch.id not in parts:
        return None
    beside = [b for b in visible if parts.get(b.id) == parts[batch.id] and b.id != batch.id]
    covers = coverage(batch) if batch.delivery == FULL else []
    age = (batch.made_at, batch.id)
    older = [number for number, b in enumerate(beside, 1) if (b.made_at, b.id) < age]
    engine = Engine()
    try:
        for name, batches in (("row_before", beside), ("row_now", [batch])):
            attach(engine, batches, events=events)
            engine.table(name, f"warehouse/{batch.kind}/version")
        [counts] = engine.query(
            "warehouse/version_count",
            whole=bool(covers),
            from_utc=covers[0].from_utc if covers else None,
            to_utc=covers[0].to_utc if covers else None,
            older=older,
        )
    finally:
        engine.close()
    known, changed, new, withdrawn = counts
    return Versions(known, changed, new, withdrawn, tuple(beside))
