"""Make batches readable as the canonical tables, each row once in its newest version."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence

from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.terms import Kind
from reconcile.warehouse.choosing import Hidden, full_periods, hide, overlap_parts
from reconcile.warehouse.records import FORMAT_VERSION, Batch, glob_free

SMALL_BATCH = 20_000
"""A batch of fewer rows costs more to open than to read."""
MANY_BATCHES = 40
"""From so many on they are read once into memory, instead of being opened by every question."""
ROWS_IN_MEMORY = 1_000_000
"""Of one kind at most; a row takes some 100 to 400 bytes there."""

_NOTHING = Hidden(frozenset(), frozenset())


def attach(
    engine: Engine,
    batches: Sequence[Batch],
    *,
    events: Mapping[str, str],
    held: bool = False,
) -> None:
    """Make `lead`, `event`, `claim` and `source_file` from batches; see `Store.attach`."""
    check_files(batches)
    prepare(engine)
    _know(engine, events)
    parts = overlap_parts(batches)
    _name_files(engine, batches, parts)
    for kind in Kind:
        _attach_kind(
            engine,
            kind,
            {number: b for number, b in enumerate(batches, 1) if b.kind is kind},
            parts,
            held=held,
        )


def prepare(engine: Engine) -> None:
    """Make what the questions about stored rows are written with."""
    engine.once("warehouse/placeholder_key")
    engine.once("warehouse/event_as_spelled")
    engine.once("warehouse/macros")


def _know(engine: Engine, events: Mapping[str, str]) -> None:
    """Say which spellings of events are one."""
    if not events:
        engine.execute("warehouse/event_as_spelled")
        return
    spellings, names = list(events), list(events.values())
    engine.execute("warehouse/known_events", spellings=spellings, names=names)
    engine.execute("warehouse/event_as_known")


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
    engine: Engine, kind: Kind, numbered: dict[int, Batch], parts: dict[str, int], *, held: bool
) -> None:
    """Make the table or view of one kind; only overlapping batches pay for the choosing."""
    name = kind.value
    for suffix in ("", "_newest", "_straight", "_gathered", "_hidden"):
        engine.drop(f"{name}{suffix}")
    overlapping = {number: b for number, b in numbered.items() if b.id in parts}
    hidden = _NOTHING
    if overlapping:
        hidden = _attach_newest(engine, kind, overlapping, held=held)
    straight = {n: b for n, b in numbered.items() if n not in hidden.wholly | hidden.partly}
    small = straight if held else _small(straight)
    large = {number: b for number, b in straight.items() if number not in small}
    if small:
        _gather(engine, kind, f"{name}_file", small.values(), held=held)
        _number(engine, f"{name}_straight_batch", small)
        engine.table(f"{name}_gathered", f"warehouse/{name}/straight")
        engine.drop(f"{name}_file")
    if large:
        engine.view_parquet(f"{name}_file", _patterns(large.values()))
        _number(engine, f"{name}_straight_batch", large)
        engine.view(f"{name}_straight", f"warehouse/{name}/straight")
    parts_of = {"straight": large, "newest": hidden.partly, "gathered": small}
    _unite(engine, name, [f"{name}_{part}" for part, there in parts_of.items() if there])


def _unite(engine: Engine, name: str, there: list[str]) -> None:
    """Make `name` of the tables and views that there are; most often it is one of them."""
    if there in ([f"{name}_straight"], [f"{name}_gathered"]):
        engine.view(name, f"warehouse/{name}/only_{there[0].removeprefix(name + '_')}")
        return
    if not there:
        engine.table(name, f"warehouse/{name}/empty")
        return
    for part in ("straight", "newest", "gathered"):
        if f"{name}_{part}" not in there:
            engine.table(f"{name}_{part}", f"warehouse/{name}/empty")
    engine.view(name, f"warehouse/{name}/all")


def _attach_newest(
    engine: Engine, kind: Kind, overlapping: dict[int, Batch], *, held: bool
) -> Hidden:
    """Find what does not count of overlapping batches, and make `<kind>_newest` of the rest."""
    stored = f"{kind}_overlapping_file"
    in_memory = held or len(_small(overlapping)) == len(overlapping)
    if in_memory:
        _gather(engine, kind, stored, overlapping.values(), held=held)
    else:
        engine.view_parquet(stored, _patterns(overlapping.values()))
    hidden = hide(engine, kind, overlapping, list_all=in_memory)
    if in_memory:
        hidden = Hidden(frozenset(), frozenset(overlapping))
    elif hidden.partly:
        engine.view_parquet(stored, _patterns(overlapping[n] for n in sorted(hidden.partly)))
    if hidden.partly:
        _number(engine, f"{kind}_newest_batch", {n: overlapping[n] for n in hidden.partly})
        engine.view(f"{kind}_newest", f"warehouse/{kind}/newest")
    return hidden


def _small(numbered: dict[int, Batch]) -> dict[int, Batch]:
    """Return the batches to be read into memory: the smallest that are no pack, if many."""
    loose = {number: batch for number, batch in numbered.items() if batch.pack is None}
    chosen: dict[int, Batch] = {}
    rows = 0
    for number, batch in sorted(loose.items(), key=lambda item: (item[1].rows, item[0])):
        rows += batch.rows
        if batch.rows >= SMALL_BATCH or rows > ROWS_IN_MEMORY:
            break
        chosen[number] = batch
    return chosen if len(chosen) >= MANY_BATCHES else {}


def _gather(
    engine: Engine, kind: Kind, name: str, batches: Collection[Batch], *, held: bool
) -> None:
    """Read batches into a table, each file opened once; or those rows that `<kind>_held` has."""
    engine.drop(name)
    if held:
        ids = [batch.id for batch in batches]
        engine.table(name, "warehouse/held", held=f"{kind}_held", batches=ids)
        return
    # Only the first file of a batch is sure to have all columns.
    is_mixed = len({batch.format_version for batch in batches}) > 1
    mixed = is_mixed or any(batch.parts > 1 for batch in batches)
    engine.table(name, "warehouse/stored", paths=_patterns(batches), mixed=mixed)


def hold(
    engine: Engine, kind: Kind, batches: Sequence[Batch], question: str, **params: object
) -> None:
    """Read what a question asks of `<kind>_stored`, all rows of batches, into `<kind>_held`.

    Files of a pack hold rows of other batches, too; `$batches` says which are meant.
    """
    stored, held = f"{kind}_stored", f"{kind}_held"
    check_files(batches)
    prepare(engine)
    if not batches:
        engine.table(held, f"warehouse/{kind}/empty")
        return
    engine.view_parquet(stored, _patterns(batches))
    engine.table(held, question, batches=[batch.id for batch in batches], **params)
    engine.drop(stored)


def _number(engine: Engine, name: str, numbered: dict[int, Batch]) -> None:
    """Say which batches a view is to show: a pack holds others, too."""
    ids = [batch.id for batch in numbered.values()]
    engine.table(name, "warehouse/batch_number", file_no=list(numbered), batch=ids)


def check_files(batches: Iterable[Batch]) -> None:
    """Look whether the files of batches are there, in a format that this release knows.

    Raises:
        WarehouseError: A file is missing, or a newer release wrote it.
    """
    seen: set[str] = set()
    for batch in batches:
        if batch.format_version > FORMAT_VERSION:
            raise WarehouseError(
                f"batch {batch.id} ({batch.file}): written by a newer release (format "
                f"{batch.format_version}; this one knows up to {FORMAT_VERSION}). "
                "Install that release or a later one."
            )
        for path in batch.row_files:
            # Texts, because a Path for each of thousands of batches is slow.
            if path not in seen and not os.path.isfile(path):  # noqa: PTH113
                raise WarehouseError(
                    f"batch {batch.id} ({batch.file}): {path} is missing. Restore it from a "
                    f"copy, or undo the batch and import {batch.file} again."
                )
            seen.add(path)


def _patterns(batches: Iterable[Batch]) -> list[str]:
    return [glob_free(path) for path in _files(batches)]


def _files(batches: Iterable[Batch]) -> list[str]:
    """Return the files of batches; those of a pack are in one."""
    return list(dict.fromkeys(path for batch in batches for path in batch.row_files))
