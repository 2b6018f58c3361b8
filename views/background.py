"""Reading a file takes as long as the file is large: a thread does it, and the page looks on.

It stores nothing, so that nothing is lost with the process; a reload of the page finds it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import streamlit as st

from reconcile import ReconcileError, Store
from reconcile.importing import Preview
from reconcile.importing.mapping.templates import templates_folder
from reconcile.importing.opening.chunks import Progress
from reconcile.listing import size
from reconcile.showing import plain

PATIENCE = 3.0
"""Seconds that a page waits before it shows progress instead."""

Work = Callable[[Progress], Preview]


class _StoppedError(Exception):
    """Nobody waits for what is read."""


@dataclass
class Reading:
    """A file that is being read, or was."""

    seen: Preview | None = None
    error: str = ""
    done: int = 0
    total: int = 0
    stopped: bool = False
    """Nobody waits for it any more: it ends before it is done."""
    ended: Event = field(default_factory=Event)

    def work(self, work: Work) -> None:
        """Read; every failure is kept for the page."""
        try:
            self.seen = work(self._told)
        except _StoppedError:
            self.error = "Nobody waited for it, so it was stopped. Choose the file again."
        except ReconcileError as error:
            self.error = str(error)
        except Exception as error:  # else the page would wait for ever
            self.error = f"{type(error).__name__}: {error}"
        finally:
            self.ended.set()

    def _told(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self.stopped:
            raise _StoppedError


@st.cache_resource(show_spinner=False, max_entries=16)
def _begun(key: tuple[object, ...], _work: Work) -> Reading:  # noqa: ARG001 - the key is the cache's
    reading = Reading()
    Thread(target=reading.work, args=(_work,), daemon=True).start()
    return reading


def read_in_background(store: Store, what: tuple[object, ...], work: Work) -> Reading | None:
    """Return what was read, or draw how far it is and return None.

    Args:
        store: What is loaded into it, and its templates, decide what is asked.
        what: All else that decides it.
        work: Reads the file, and says how far it is.
    """
    key = (*loaded_state(store), *what)
    reading = _begun(key, work)
    if reading.stopped:  # by another page, which has gone on
        _begun.clear(key, work)
        reading = _begun(key, work)
    before = st.session_state.get("reading")
    if before is not None and before is not reading and not before.ended.is_set():
        before.stopped = True  # a file may be large, and each answer reads it anew
    st.session_state["reading"] = reading
    if reading.ended.wait(PATIENCE):
        return reading
    _watched(reading)
    return None


@st.fragment(run_every=0.5)
def _watched(reading: Reading) -> None:
    share = reading.done / reading.total if reading.total else 0.0
    sized = f": {size(reading.done)} of {size(reading.total)}" if reading.total else ""
    st.progress(min(share, 1.0), text=plain(f"Reading{sized}"))
    if reading.ended.is_set():
        st.rerun()


def loaded_state(store: Store) -> tuple[object, ...]:
    """Name the state of the warehouse, as far as what is read of files depends on it."""
    # Numbers would not tell: a version that is undone brings back the one that it replaced.
    batches = hash(tuple((one.id, one.undone_at) for one in store.batches(with_undone=True)))
    folder = templates_folder(store.home)
    changed = [path.stat().st_mtime_ns for path in Path(folder).glob("*.toml")]
    return (str(store.home), batches, len(changed), max(changed, default=0))
