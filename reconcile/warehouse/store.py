"""The store: one folder with a catalog, the batches' Parquet and the runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType

from filelock import Timeout

from reconcile.engine import Engine
from reconcile.errors import NotFound, WarehouseError
from reconcile.state import Database, doctor, failpoint, new_lock
from reconcile.terms import EventSetting, Kind
from reconcile.warehouse import records
from reconcile.warehouse.aliases import known_names
from reconcile.warehouse.attaching import attach, hold
from reconcile.warehouse.event_settings import change_settings, settings_in_force
from reconcile.warehouse.incoming import Incoming, fsync_folder
from reconcile.warehouse.packs import Packs
from reconcile.warehouse.records import Batch, Cover, RunRecord, none_called
from reconcile.warehouse.staged import Staged
from reconcile.warehouse.versions import Versions, versions_of
from reconcile.warehouse.writing import Place, check_parts, write_rejects, write_table

HOME_VARIABLE = "RECONCILE_HOME"
LOCK_SECONDS = 120.0


def open_store(home: Path | None = None) -> Store:
    """Open the warehouse of a folder, making it if it is new.

    Args:
        home: The folder; else that of the environment's RECONCILE_HOME, else `./data`.

    Raises:
        WarehouseError: The folder was written by a newer release, is damaged, or lies on a
            network file system.
    """
    chosen = home or Path(os.environ.get(HOME_VARIABLE) or "data")
    return Store(Path(chosen))


class Store:
    """An open warehouse; may be shared by threads, and by any number of processes."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.warehouse = self.home / "warehouse"
        self.runs_folder = self.home / "runs"
        self.ledger_path = self.home / "ledger.sqlite"
        for folder in (self.warehouse, self.runs_folder):
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                fsync_folder(self.home)
                fsync_folder(self.home.parent)
        self.catalog = Database.open(self.home / "catalog.sqlite", migrations="catalog")
        self._incoming = Incoming(self.warehouse)
        self._incoming_runs = Incoming(self.runs_folder)
        self.packs = Packs(self.catalog, self._incoming, self.warehouse)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog."""
        self.catalog.close()

    @contextmanager
    def write_lock(self, *, timeout: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the writer's place among all processes; reading needs none.

        Raises:
            WarehouseError: Another process held it for `timeout` seconds. Not nestable.
        """
        lock = new_lock(self.home / "write.lock", timeout=timeout)
        try:
            lock.acquire()
        except Timeout as error:
            raise WarehouseError(
                f"{self.home}: another process has been writing for {timeout:g} s. "
                "Wait until its import is done, then try again."
            ) from error
        try:
            yield
        finally:
            lock.release()

    # ------------------------------------------------------------------------------- batches

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Reserve the id and the folder of a batch to come; without `commit` it leaves nothing."""
        batch_id = records.new_id()
        with self.write_lock():
            self._sweep()
            folder = self._incoming.reserve(batch_id)
        try:
            yield Place(batch_id, folder)
        except BaseException:
            self._remove_orphan_batch(batch_id)
            raise
        finally:
            self._incoming.release(batch_id)

    def commit(  # noqa: PLR0913 - the file, where its rows are, and what is known of it beside
        self,
        engine: Engine,
        rows: str | Place,
        staged: Staged,
        *,
        user: str | None,
        exported_at: datetime | None = None,
        replaces: Batch | None = None,
    ) -> Batch:
        """Store a staged file as a batch: Parquet first, then one catalog row makes it visible.

        The same bytes of a kind that is visible already change nothing: that batch is returned,
        and its `imported_at` says when. A process killed at any point leaves nothing visible.

        Args:
            engine: Where the rows are, and those that were rejected.
            rows: Its table of the canonical columns, of which rows of other files are left out; or
                the place of the batch, if `staged.parts` are written there already.
            staged: What importing said of the file.
            user: Who imports it.
            exported_at: When the sender made the file (naive UTC), if anybody knows.
            replaces: The visible batch of the same file that this one takes the place of, also in
                the order of age; `undo` brings it back.

        Raises:
            WarehouseError: The columns are not the canonical ones, or there is another number of
                rows than `staged` says, or the batch to be replaced counts no more; nothing was
                stored.
        """
        known = self.find_by_hash(staged.sha256, staged.kind)
        if known is not None and replaces is None:
            return known
        made: dict[str, str | None] = {"user": user, "exported_at": records.as_text(exported_at)}
        made |= {"imported_at": None, "replaces": None}
        if replaces is not None:
            made |= {"imported_at": records.as_text(replaces.imported_at), "replaces": replaces.id}
        if isinstance(rows, Place):
            check_parts(engine, staged)
            return self._commit(engine, staged, rows, made)
        with self.place() as place:
            failpoint("commit.before_write")
            write_table(engine, rows, staged, place=place)
            return self._commit(engine, staged, place, made)

    def _commit(
        self, engine: Engine, staged: Staged, place: Place, made: dict[str, str | None]
    ) -> Batch:
        write_rejects(engine, staged, place=place)
        failpoint("commit.after_write")
        row = records.catalog_row(place.batch, staged, parts=len(staged.parts))
        return self._publish(staged, row | made)

    def find_by_hash(self, sha256: str, kind: Kind) -> Batch | None:
        """Return the visible batch of the file with these bytes, None if it is not loaded."""
        row = self.catalog.one("warehouse/batch_by_hash", sha256=sha256, kind=str(kind))
        return None if row is None else records.batch_of(row, self.warehouse)

    def batches(self, kind: Kind | None = None, *, with_undone: bool = False) -> list[Batch]:
        """Return the visible batches in the order of their import, undone ones too if asked."""
        rows = self.catalog.query("warehouse/batches", kind=kind, with_undone=int(with_undone))
        return [records.batch_of(row, self.warehouse) for row in rows]

    def batch(self, batch_id: str) -> Batch:
        """Return one batch, visible or undone.

        Raises:
            NotFound: There is no such batch; the text lists the nearest ids.
        """
        row = self.catalog.one("warehouse/batch", id=batch_id)
        if row is None:
            raise NotFound(
                none_called("batch", batch_id, [b.id for b in self.batches(with_undone=True)])
            )
        return records.batch_of(row, self.warehouse)

    def undo(self, batch_id: str, *, user: str | None = None) -> Batch:
        """Hide a batch: what it superseded counts again, and its file may be imported again.

        A batch that had read its file in another way, and was replaced by it, counts again, too.

        Raises:
            NotFound: There is no such batch; the text lists the nearest ids.
        """
        said = {"undone_at": records.as_text(records.now_utc()), "undone_by": user}
        with self.catalog.transaction():
            hidden = self.catalog.execute("warehouse/undo", id=batch_id, **said)
            batch = self.batch(batch_id)
            if hidden and batch.replaces is not None:
                self.catalog.execute("warehouse/restore", id=batch.replaces)
        return batch

    def confirm(self, batch_id: str) -> Batch:
        """Say that a file which looks cut off is whole, so that it covers its period.

        Raises:
            NotFound: There is no such batch; the text lists the nearest ids.
        """
        self.catalog.execute("warehouse/confirm", id=batch_id)
        return self.batch(batch_id)

    def coverage(self, batch: Batch) -> list[Cover]:
        """Return what a batch covers; nothing while a cut-off file is not confirmed."""
        return records.coverage(batch)

    def attach(
        self,
        engine: Engine,
        batches: Sequence[Batch],
        *,
        held: bool = False,
        events: Mapping[str, str] | None = None,
    ) -> None:
        """Make batches readable as the tables `lead`, `event`, `claim` and `source_file`.

        `file_no` counts the batches in the order given, from 1. A kind without a batch is an
        empty table. Equal rows of one sender's overlapping batches count once (importing.md,
        Re-import). With `held` only the rows that `hold` has read are there. `events` has the
        names that spellings of events stand for, by which versions of a row are known; None for
        those known now.

        Raises:
            WarehouseError: A batch's file is missing, or a newer release wrote it.
        """
        known = self._known_events() if events is None else events
        attach(engine, batches, events=known, held=held)

    def _known_events(self) -> Mapping[str, str]:
        return known_names(self.catalog).get("event", {})

    def hold(
        self,
        engine: Engine,
        batches: Sequence[Batch],
        questions: Mapping[Kind, str],
        **params: object,
    ) -> None:
        """Read some rows of batches into the engine: of each kind what its question asks.

        A question reads `<kind>_stored`, which has every row as it is stored, also those of which
        another version counts.
        """
        for kind, question in questions.items():
            own = [batch for batch in batches if batch.kind is kind]
            hold(engine, kind, own, question, **params)

    def versions(self, batch: Batch) -> Versions | None:
        """Count what of a visible batch its sender's overlapping batches held before, and what not.

        None if it overlaps no other. Reads them all: for the moment of the import.
        """
        return versions_of(batch, self.batches(batch.kind), events=self._known_events())

    def doctor(self) -> list[str]:
        """Say in whole sentences what is wrong on disk; an empty list is good news."""
        found = doctor(self.catalog.path)
        if self.ledger_path.is_file():
            found += [text for text in doctor(self.ledger_path) if text not in found]
        batches = self.batches(with_undone=True)
        for batch in batches:
            found += [
                f"batch {batch.id} ({batch.file}): its rows are missing: {path}."
                for path in batch.rows_paths
                if not path.is_file()
            ]
        known = {batch.path for batch in batches}
        known |= {Path(name).parent for batch in batches for name in batch.row_files}
        known |= {path.parent for path in self.packs.retired()}
        stored = {*self.warehouse.glob("*/batch=*"), *self.warehouse.glob("*/pack=*")}
        for path in sorted(stored - known):
            found.append(f"{path.name}: no batch of the catalog is stored in {path}.")
        return found

    # ------------------------------------------------------------------------------ settings

    def settings(self) -> list[EventSetting]:
        """Return the event settings now in force."""
        return settings_in_force(self.catalog)

    def replace_settings(
        self,
        settings: Sequence[EventSetting],
        *,
        without: Sequence[tuple[str, str]] = (),
        user: str | None = None,
    ) -> None:
        """Put these in the place of the settings of the same campaign and event, others stay.

        Those of `without`, campaign and event, are taken away. Every change stays on record.
        """
        change_settings(self.catalog, settings, without=without, user=user)

    # ---------------------------------------------------------------------------------- runs
    def new_run_dir(self) -> Path:
        """Return a new folder to write a run's files in; its name is the run's id.

        Nobody sees it before `record_run`; if the process dies, it is swept later.
        """
        with self.write_lock():
            self._sweep()
            return self._incoming_runs.reserve(records.new_id())

    def discard_run(self, run_id: str) -> None:
        """Remove a folder of `new_run_dir` that will not be recorded."""
        self._incoming_runs.release(run_id)

    def record_run(self, run: RunRecord) -> Path:
        """Make a run's folder durable and visible; return where it is now.

        `run.id` is the name of a folder of `new_run_dir`; it holds only files.
        """
        final = self.run_path(run.id)
        try:
            with self.write_lock():
                self._incoming_runs.publish(run.id, final, step="run")
                self.catalog.execute("warehouse/add_run", **records.run_row(run))
                failpoint("run.after_catalog")
        except BaseException:
            self._remove_orphan_run(run.id)
            raise
        finally:
            self._incoming_runs.release(run.id)
        return final

    def runs(self) -> list[RunRecord]:
        """Return the stored runs, newest first."""
        return [records.run_of(row) for row in self.catalog.query("warehouse/runs")]

    def run(self, run_id: str) -> RunRecord:
        """Return one stored run.

        Raises:
            NotFound: There is no such run; the text lists the nearest ids.
        """
        row = self.catalog.one("warehouse/run", id=run_id)
        if row is None:
            raise NotFound(none_called("run", run_id, [run.id for run in self.runs()]))
        return records.run_of(row)

    def run_path(self, run_id: str) -> Path:
        """Return the folder of a stored run."""
        return self.runs_folder / run_id

    # ------------------------------------------------------------------------------- private

    def _publish(self, staged: Staged, row: dict[str, object]) -> Batch:
        """Rename the written folder into place and make it visible, unless another was faster."""
        batch_id = str(row["id"])
        with self.write_lock():
            known = self.find_by_hash(staged.sha256, staged.kind)
            if row["replaces"] is None and known is not None:
                return known
            if row["replaces"] is not None and (known is None or known.id != row["replaces"]):
                raise WarehouseError(
                    f"batch {row['replaces']} ({staged.name}): counts no more. Nothing was stored."
                )
            self._incoming.publish(batch_id, self._folder(staged.kind, batch_id), step="commit")
            now = records.as_text(records.now_utc())
            row["imported_at"] = row["imported_at"] or now
            with self.catalog.transaction():
                self.catalog.execute("warehouse/hide", id=row["replaces"], undone_at=now)
                self.catalog.execute("warehouse/add_batch", **row)
            failpoint("commit.after_catalog")
        return self.batch(batch_id)

    def _folder(self, kind: Kind, batch_id: str) -> Path:
        return self.warehouse / kind.value / f"batch={batch_id}"

    def _sweep(self) -> None:
        """Remove what killed processes left; under the write lock."""
        self._incoming.sweep(self._remove_orphan_batch)
        self._incoming_runs.sweep(self._remove_orphan_run)

    def _remove_orphan_batch(self, batch_id: str) -> None:
        """Remove a batch or pack that was renamed into place but never got into the catalog."""
        if self.catalog.one("warehouse/batch", id=batch_id) is None:
            for kind in Kind:
                shutil.rmtree(self._folder(kind, batch_id), ignore_errors=True)
        self.packs.remove_orphan(batch_id)

    def _remove_orphan_run(self, run_id: str) -> None:
        if self.catalog.one("warehouse/run", id=run_id) is None:
            shutil.rmtree(self.run_path(run_id), ignore_errors=True)
