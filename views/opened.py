"""Funnels that are open: the fact table is built once, and asked by every page of this process."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock
from typing import Any

import streamlit as st

from reconcile import FunnelDefinition, Store, open_funnel
from reconcile.decisions import moment
from reconcile.funnel.judging import Funnel
from reconcile.funnels import recovered_refs
from reconcile.warehouse.aliases import aliases
from views.background import loaded_state

_MOST_ANSWERS = 200


class OpenFunnel:
    """A funnel whose answers are kept; an engine answers one question at a time."""

    def __init__(self, store: Store, definition: FunnelDefinition, run_id: str | None) -> None:
        self._stack = ExitStack()
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

    def close(self) -> None:
        """Let go of the fact table."""
        with self._lock:
            self._stack.close()


def opened_funnel(store: Store, definition: FunnelDefinition, run_id: str | None) -> OpenFunnel:
    """Return a funnel that is open; with a run its missing events count as well.

    Raises:
        BadFunnel: As `open_funnel`.
    """
    said = (str(definition), str(store.settings()), len(aliases(store.catalog, with_history=True)))
    decided = moment(store) if run_id is not None else ""
    return _opened((*loaded_state(store), *said, run_id, decided), store, definition, run_id)


@st.cache_resource(
    max_entries=4, on_release=OpenFunnel.close, show_spinner="Reading leads and events"
)
def _opened(
    key: tuple[object, ...],  # noqa: ARG001 - the key is the cache's
    _store: Store,
    _definition: FunnelDefinition,
    _run_id: str | None,
) -> OpenFunnel:
    return OpenFunnel(_store, _definition, _run_id)
