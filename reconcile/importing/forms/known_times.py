"""The times of the events that a warehouse holds, looked up by id where a file leaves a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconcile.engine import Engine
from reconcile.terms import Kind
from reconcile.warehouse import Store


@dataclass(frozen=True)
class StoredTimes:
    """The events of a warehouse; they are read only when something is asked."""

    store: Store

    def of(self, ids: Sequence[str]) -> dict[str, datetime]:
        """Return the time (naive UTC) of each id that has exactly one event."""
        batches = self.store.batches(Kind.EVENT)
        if not batches or not ids:
            return {}
        engine = Engine()
        try:
            self.store.attach(engine, batches)
            engine.upload("asked_id", {"id": "VARCHAR"}, [(name,) for name in dict.fromkeys(ids)])
            return dict(engine.query("importing/known_time"))
        finally:
            engine.close()
