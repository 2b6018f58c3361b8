"""Write aside, make durable, publish: how a folder appears whole or not at all.

A folder is written under `.incoming/<id>` beside its future place while `.incoming/<id>.lock` is
held, and is renamed into place when complete. The kernel frees the lock of a killed process, so
whoever sweeps can tell dead leftovers from live work without guessing by age. Only what such a
marker names is ever removed: a folder that merely lacks its catalog row is left alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from reconcile.state import failpoint, new_lock


def fsync_folder(path: Path) -> None:
    """Make the names in a folder durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_tree(folder: Path) -> None:
    """Make every file of a flat folder, and then the folder itself, durable."""
    for path in sorted(folder.iterdir()):
        # Windows refuses to flush a handle that cannot write.
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    fsync_folder(folder)


class Incoming:
    """The folder where new folders are written before anybody may see them.

    `reserve` and `sweep` are called under the store's write lock, so that no marker is seen
    between its making and its locking; the writing in between needs no lock.
    """

    def __init__(self, root: Path) -> None:
        """Keep what is written under `root/.incoming`."""
        self.root = root / ".incoming"
        self._held: dict[str, FileLock] = {}

    def reserve(self, name: str) -> Path:
        """Return a new empty folder whose marker is held until `release`."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = new_lock(self._marker(name))
        lock.acquire()
        self._held[name] = lock
        folder = self.root / name
        folder.mkdir()
        # The marker must outlive a power cut that the published folder may survive.
        fsync_folder(self.root)
        return folder

    def publish(self, name: str, final: Path, *, step: str) -> None:
        """Make the folder durable and rename it to `final`, which must not exist."""
        failpoint(f"{step}.before_fsync")
        fsync_tree(self.root / name)
        failpoint(f"{step}.after_fsync")
        final.parent.mkdir(parents=True, exist_ok=True)
        fsync_folder(final.parent.parent)
        failpoint(f"{step}.before_rename")
        (self.root / name).rename(final)
        fsync_folder(final.parent)
        failpoint(f"{step}.after_rename")

    def release(self, name: str) -> None:
        """Remove what is left of the reservation and its marker; nothing if it is released."""
        lock = self._held.pop(name, None)
        if lock is None:
            return
        shutil.rmtree(self.root / name, ignore_errors=True)
        lock.release()
        self._remove_marker(name)

    def sweep(self, remove_orphan: Callable[[str], None]) -> None:
        """Remove what dead writers left; `remove_orphan` gets each name to undo a rename."""
        if not self.root.is_dir():
            return
        for marker in sorted(self.root.glob("*.lock")):
            lock = new_lock(marker, timeout=0)
            try:
                lock.acquire()
            except Timeout:
                continue  # Its writer is alive.
            shutil.rmtree(self.root / marker.stem, ignore_errors=True)
            remove_orphan(marker.stem)
            lock.release()
            self._remove_marker(marker.stem)

    def _remove_marker(self, name: str) -> None:
        # Windows refuses while another process looks at it; then the next sweep does it.
        with suppress(OSError):
            self._marker(name).unlink()

    def _marker(self, name: str) -> Path:
        return self.root / f"{name}.lock"
