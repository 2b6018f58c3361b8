"""The sandbox of a store: it knows what is loaded, and is there when its address is fired at."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from reconcile.engine import Engine
from reconcile.firing.settings import SANDBOX
from reconcile.reading import campaign_currencies
from reconcile.sandbox import Rules, Sandbox, running_sandbox
from reconcile.terms import Kind
from reconcile.warehouse import Store


def sandbox_rules(
    store: Store, *, inactive: Collection[str] = (), with_leads: bool = True
) -> Rules:
    """Return what a sandbox knows: settings, leads and currencies that are loaded.

    Args:
        store: The warehouse.
        inactive: Sources that it refuses.
        with_leads: Know the loaded leads; else every lead is known, and the endpoint for all
            campaigns, which finds the campaign by the lead, refuses all.
    """
    return Rules(
        settings=tuple(store.settings()),
        leads=_leads(store) if with_leads else None,
        inactive_sources=frozenset(inactive),
        currencies=campaign_currencies(store),
    )


def sandbox_export(store: Store) -> str:
    """Return all events that the store's sandbox has stored, as the CSV of an event export.

    Raises:
        FiringError: The sandbox is running: it gives its export itself.
    """
    sandbox = Sandbox(sandbox_rules(store, with_leads=False), home=store.home)
    try:
        return sandbox.export()
    finally:
        sandbox.close()


@contextmanager
def target_there(store: Store, host: str) -> Iterator[bool]:
    """Serve the store's sandbox if its own address is fired at and nobody listens there.

    Yields:
        Whether this process serves it now.
    """
    if host != SANDBOX or _listens(host):
        yield False
        return
    port = urlsplit(host).port or 0
    with running_sandbox(rules=sandbox_rules(store), home=store.home, port=port):
        yield True


def _listens(host: str) -> bool:
    parts = urlsplit(host)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=1).close()
    except OSError:
        return False
    return True


def _leads(store: Store) -> dict[str, str]:
    engine = Engine()
    try:
        store.attach(engine, store.batches(Kind.LEAD))
        return dict(engine.query("proof/known_lead"))
    finally:
        engine.close()
