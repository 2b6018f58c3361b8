"""Packs: files that hold the rows of many batches, and the files they took the place of."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from reconcile.errors import WarehouseError
from reconcile.state import Database, failpoint
from reconcile.terms import Kind
from reconcile.warehouse import records
from reconcile.warehouse.incoming import Incoming
from reconcile.warehouse.records import FORMAT_VERSION, Batch, pack_folder

_FOR_EVER = "9999"


class Packs:
    """The packs of a store; what is said to be under its write lock, its caller must lock."""

    def __init__(self, catalog: Database, incoming: Incoming, warehouse: Path) -> None:
        self.catalog = catalog
        self.warehouse = warehouse
        self._incoming = incoming

    def reserve(self, pack: str) -> Path:
        """Return a new folder to write the file of a pack in; under the write lock."""
        return self._incoming.reserve(pack)

    def release(self, pack: str) -> None:
        """Remove what is left of a reserved folder."""
        self._incoming.release(pack)

    def record(self, pack: str, batches: Sequence[Batch]) -> None:
        """Make a pack durable, and the place of these batches' rows; under the write lock.

        Their files are retired, not removed: readers that began before have them open.

        Raises:
            WarehouseError: Another process has moved a batch; nothing has changed.
        """
        folder = pack_folder(self.warehouse / batches[0].kind.value, pack)
        self._incoming.publish(pack, folder, step="pack")
        now = records.as_text(records.now_utc())
        with self.catalog.transaction():
            for batch in batches:
                self._move(batch, pack)
            for name in dict.fromkeys(name for batch in batches for name in batch.row_files):
                path = Path(name).relative_to(self.warehouse).as_posix()
                self.catalog.execute("warehouse/retire_file", path=path, retired_at=now)
        failpoint("pack.after_catalog")

    def _move(self, batch: Batch, pack: str) -> None:
        moved = self.catalog.execute(
            "warehouse/pack_batch",
            id=batch.id,
            before=batch.pack,
            pack=pack,
            format_version=FORMAT_VERSION,
        )
        if moved != 1:
            raise WarehouseError(
                f"batch {batch.id} ({batch.file}): another process has moved its rows. Nothing "
                "was changed; compact again."
            )

    def remove_orphan(self, pack: str) -> None:
        """Remove a pack that was renamed into place but holds no batch's rows."""
        if self.catalog.one("warehouse/pack_used", pack=pack) is None:
            for kind in Kind:
                folder = pack_folder(self.warehouse / kind.value, pack)
                shutil.rmtree(folder, ignore_errors=True)

    def retired(self, before: datetime | None = None) -> list[Path]:
        """Return the replaced files that are still there, or those replaced before a time."""
        limit = records.as_text(before) or _FOR_EVER
        found = self.catalog.query("warehouse/retired_files", before=limit)
        return [self.warehouse / row["path"] for row in found]

    def remove_retired(self, before: datetime) -> int:
        """Remove the files that were replaced before a time; return how many."""
        found = self.retired(before)
        for path in found:
            # Windows refuses while another process reads it; then a later call does it.
            with suppress(OSError):
                path.unlink(missing_ok=True)
                failpoint("pack.after_remove")
                name = path.relative_to(self.warehouse).as_posix()
                self.catalog.execute("warehouse/forget_file", path=name)
                path.parent.rmdir()  # refused where rejected rows are kept
        return len(found)
