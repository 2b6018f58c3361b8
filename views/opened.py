"""Funnels that are open: the fact table is built once, and asked by every page of this process.

A thread builds it, for it takes as long as there are leads and events, and the page looks on.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any
from weakref import finalize

import streamlit as st

from reconcile import FunnelDefinition, Store, open_funnel
from reconcile.decisions import moment
from reconcile.funnel.judging import Funnel
from reconcile.funnels import recovered_refs
from reconcile.warehouse.aliases import aliases
from views import background
from views.background import loaded_state

_MOST_ANSWERS = 200


class OpenFunnel:
    """A funnel whose answers are kept; an engine answers one question at a time."""

    def __init__(self, store: Store, definition: FunnelDefinition, run_id: str | None) -> None:
        self._stack = ExitStack()
        # Pages that still ask it hold it: it is closed when the last of them has let go.
        finalize(self, self._stack.close)
        refs = None if run_id is None else recovered_refs(store, run_id)
        lent = open_funnel(store, definition, run_id=run_id, refs=refs)
        self._funnel: Funnel = self._stack.enter_context(lent)
        self._lock = Lock()
        self._answers: dict[str, Any] = {}

    @property
    def definition(self) -> FunnelDefinition:
        """Return its definition, as it was opened."""
        return self._funnel.definition

    def ask(self, question: str, *values: Any, **named: Any) -> Any:
        """Ask a question by its name, as `Funnel` has it."""
        key = repr((question, values, sorted(named.items())))
        with self._lock:
            if key not in self._answers:
                if len(self._answers) >= _MOST_ANSWERS:
                    self._answers.clear()
                self._answers[key] = getattr(self._funnel, question)(*values, **named)
            return self._answers[key]

    def fetch(self, question: str, *values: Any, **named: Any) -> Any:
        """Ask without keeping the answer: it may be long, and is needed once."""
        with self._lock:
            return getattr(self._funnel, question)(*values, **named)


@dataclass
class Opening:
    """A funnel that is being opened, or is open."""

    opened: OpenFunnel | None = None
    error: Exception | None = None
    began: float = field(default_factory=monotonic)
    ended: Event = field(default_factory=Event)

    def work(self, store: Store, definition: FunnelDefinition, run_id: str | None) -> None:
        """Open it; every failure is kept for the page."""
        try:
            self.opened = OpenFunnel(store, definition, run_id)
        except Exception as error:  # else the page would wait for ever
            self.error = error
        finally:
            self.ended.set()


def opened_funnel(
    store: Store, definition: FunnelDefinition, run_id: str | None
) -> OpenFunnel | None:
    """Return a funnel that is open, or draw that it is being opened and return None.

    With a run its missing events count as well.

    Raises:
        BadFunnel: As `open_funnel`.
    """
    said = (str(definition), str(store.settings()), len(aliases(store.catalog, with_history=True)))
    decided = moment(store) if run_id is not None else ""
    key = (*loaded_state(store), *said, run_id, decided)
    opening = _begun(key, store, definition, run_id)
    if not opening.ended.wait(background.PATIENCE):
        _watched(opening)
        return None
    if opening.error is not None:
        _begun.clear(key, store, definition, run_id)  # the next look tries again
        raise opening.error
    return opening.opened


@st.cache_resource(max_entries=4, show_spinner=False)
def _begun(
    key: tuple[object, ...],  # noqa: ARG001 - the key is the cache's
    _store: Store,
    _definition: FunnelDefinition,
    _run_id: str | None,
) -> Opening:
    opening = Opening()
    Thread(target=opening.work, args=(_store, _definition, _run_id), daemon=True).start()
    return opening


@st.fragment(run_every=0.5)
def _watched(opening: Opening) -> None:
    seconds = int(monotonic() - opening.began)
    st.status(f"Reading leads and events: {seconds} s. You may look at other screens meanwhile.")
    if opening.ended.is_set():
        st.rerun()
