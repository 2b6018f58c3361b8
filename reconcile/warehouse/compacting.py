"""Many small batches into few files: what they hold, and that each can be undone, stays as it is.

Only files are merged. A pack is one Parquet file with the rows of many batches, each row with its
batch, file and line as before; the catalog knows for each batch the pack it is in. Undo, repeating
a run and explaining a row go by the batch, and need nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from filelock import Timeout

from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.state import failpoint, new_lock
from reconcile.terms import Kind
from reconcile.warehouse.attaching import SMALL_BATCH, prepare
from reconcile.warehouse.records import (
    FORMAT_VERSION,
    PACK_FILE,
    Batch,
    glob_free,
    new_id,
    now_utc,
)
from reconcile.warehouse.store import Store

ROWS_IN_A_PACK = 1_000_000
"""At most; batches of more rows keep their own files."""
MANY_LOOSE = 64
"""From so many small batches with files of their own on, an import packs them."""
GRACE = timedelta(days=1)
"""How long a replaced file stays: longer than any reader that began before has it open."""


@dataclass(frozen=True)
class Compacted:
    """What was done: batches whose rows have moved, into how many packs, and files removed.

    `waiting` are replaced files that a reader may still have open; a later call removes them.
    """

    batches: int
    packs: int
    removed: int
    waiting: int


@dataclass(frozen=True)
class _Unit:
    """Batches whose rows are in the same files: one of its own, or all of a pack."""

    batches: tuple[Batch, ...]

    @property
    def rows(self) -> int:
        return sum(batch.rows for batch in self.batches)

    @property
    def place(self) -> tuple[object, ...]:
        """Return its place in time: a run reads a month, so that packs are slices of time."""
        times = [b.first_at or b.period_from or b.imported_at for b in self.batches]
        return min(times), self.batches[0].id


def compact(
    store: Store, *, grace: timedelta = GRACE, progress: Callable[[str], None] = lambda _: None
) -> Compacted:
    """Rewrite many small batches into few files, and bring old formats to the newest.

    Nothing that counts changes: every batch, undone ones too, stays one that can be undone, listed
    and read by repeated runs. A process killed at any point leaves the old files or the new ones
    in force, never both. The files that were replaced are removed by a later call.

    Args:
        store: The warehouse.
        grace: How long replaced files stay for readers that began before.
        progress: Called with a sentence for each pack.

    Raises:
        WarehouseError: Another process is compacting, or a file does not hold what the catalog
            says; what was not yet rewritten stays as it was.
    """
    try:
        with _only_one(store):
            removed = store.packs.remove_retired(now_utc() - grace)
            moved = packs = 0
            for batches in _to_pack(store.batches(with_undone=True)):
                progress(f"packing {len(batches)} batches of {batches[0].kind}s")
                _pack(store, batches)
                moved, packs = moved + len(batches), packs + 1
            return Compacted(moved, packs, removed, len(store.packs.retired()))
    except Timeout as error:
        raise WarehouseError(
            f"{store.home}: another process is compacting. Nothing was done; there is no need to."
        ) from error


def tidy(store: Store, kind: Kind) -> bool:
    """Put the small batches of a kind into a pack if they have become many; return whether.

    For the end of an import: a warehouse that is fed with small files every day stays quick by
    itself. Does nothing while another process compacts.
    """
    loose = {"kind": kind.value, "rows": SMALL_BATCH}
    row = store.catalog.one("warehouse/loose_count", **loose)
    if row is None or row["n"] < MANY_LOOSE:
        return False
    with suppress(Timeout), _only_one(store):
        store.packs.remove_retired(now_utc() - GRACE)
        small = [
            batch
            for batch in store.batches(kind, with_undone=True)
            if batch.pack is None and batch.rows < SMALL_BATCH and _is_sound(batch)
        ]
        if len(small) >= MANY_LOOSE:
            _pack(store, small)
            return True
    return False


@contextmanager
def _only_one(store: Store) -> Iterator[None]:
    """Hold the place of the one process that compacts; raises `Timeout` if there is one."""
    lock = new_lock(store.home / "compact.lock", timeout=0)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _to_pack(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """Return what is to be rewritten: neighbours in time that fit into one pack together.

    Fewer units than two are left alone, unless they are of an old format; so after a call there is
    nothing left to do. A batch without rows, or with a file missing, is never touched.
    """
    for kind in Kind:
        own = [batch for batch in batches if batch.kind is kind and _is_sound(batch)]
        for units in _slices(_units(own)):
            members = [batch for unit in units for batch in unit.batches]
            is_old = any(batch.format_version < FORMAT_VERSION for batch in members)
            if len(units) > 1 or is_old:
                yield members


def _is_sound(batch: Batch) -> bool:
    readable = batch.format_version <= FORMAT_VERSION and batch.rows > 0
    return readable and all(path.is_file() for path in batch.rows_paths)


def _units(batches: Iterable[Batch]) -> list[_Unit]:
    by_files: dict[tuple[str, ...], list[Batch]] = {}
    for batch in batches:
        by_files.setdefault(tuple(batch.row_files), []).append(batch)
    return sorted(map(_Unit, map(tuple, by_files.values())), key=lambda unit: unit.place)


def _slices(units: Iterable[_Unit]) -> Iterator[list[_Unit]]:
    """Return units in the order of time, as many together as fit into a pack."""
    held: list[_Unit] = []
    rows = 0
    for unit in units:
        if held and rows + unit.rows > ROWS_IN_A_PACK:
            yield held
            held, rows = [], 0
        held.append(unit)
        rows += unit.rows
    if held:
        yield held


def _pack(store: Store, batches: list[Batch]) -> None:
    pack = new_id()
    with store.write_lock():
        folder = store.packs.reserve(pack)
    try:
        failpoint("pack.before_write")
        _write(batches, folder / PACK_FILE)
        failpoint("pack.after_write")
        with store.write_lock():
            store.packs.record(pack, batches)
    except BaseException:
        store.packs.remove_orphan(pack)
        raise
    finally:
        store.packs.release(pack)


def _write(batches: list[Batch], path: Path) -> None:
    """Write the rows of batches into one file, and count them there."""
    kind = batches[0].kind
    files = dict.fromkeys(name for batch in batches for name in batch.row_files)
    engine = Engine()
    try:
        prepare(engine)
        engine.view_parquet("pack_source", [glob_free(name) for name in files])
        engine.table("pack_place", "warehouse/pack_place", batch=[b.id for b in batches])
        engine.execute(f"warehouse/{kind}/packed", path=str(path))
        found: dict[str, int] = dict(engine.query("warehouse/pack_rows", path=glob_free(path)))
    finally:
        engine.close()
    expected = {batch.id: batch.rows for batch in batches}
    if found != expected:
        wrong = sorted(b for b in expected if found.get(b) != expected[b])
        raise WarehouseError(
            f"batch {wrong[0]}: its files hold {found.get(wrong[0], 0)} rows, the catalog says "
            f"{expected[wrong[0]]}. Nothing was changed; restore the file from a copy."
        )
