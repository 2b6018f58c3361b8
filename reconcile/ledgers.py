"""The two ledgers of a store, the sandbox's and that of real hosts, and what weighs on a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from reconcile.engine import Engine
from reconcile.firing import Ledger, PostbackNeed, open_ledger
from reconcile.firing.holding import Facts, hold_back
from reconcile.firing.policy import checked_host, is_sandbox
from reconcile.firing.settings import FiringSettings, load_settings
from reconcile.sandbox import exports_of
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store


@contextmanager
def ledger_of(
    store: Store, host: str | None = None, *, read_only: bool = False
) -> Iterator[tuple[Ledger, FiringSettings]]:
    """Lend the ledger that a target belongs to, and the settings of firing.

    Args:
        store: The warehouse.
        host: The target; that of firing.toml by default, and without one the sandbox.
        read_only: Never write; for those who only look.

    Raises:
        BadSettings: firing.toml cannot be meant.
        NotAllowed: The target is neither the sandbox nor on the list.
        WarehouseError: It is only to be read, and is not there.
    """
    settings = load_settings(store.home)
    sandbox = is_sandbox(checked_host(settings.host if host is None else host, settings.allow))
    ledger = open_ledger(store.home, sandbox=sandbox, allowed=settings.allow, read_only=read_only)
    try:
        yield ledger, settings
    finally:
        ledger.close()


@contextmanager
def ledgers_of(store: Store) -> Iterator[list[Ledger]]:
    """Lend the ledgers that are there: at most that of real hosts and that of the sandbox."""
    settings = load_settings(store.home)
    places = {False: store.ledger_path, True: store.home / "sandbox" / "ledger.sqlite"}
    found = [
        open_ledger(store.home, sandbox=sandbox, allowed=settings.allow)
        for sandbox, path in places.items()
        if path.is_file()
    ]
    try:
        yield found
    finally:
        for ledger in found:
            ledger.close()


def told_to(store: Store, batches: Iterable[Batch], *, sandbox: bool) -> list[Batch]:
    """Return the batches that say something of a target: to the sandbox all of them do.

    What the sandbox has given as its export says nothing of a real platform, also where somebody
    has imported it to see the loop close.
    """
    rehearsed = frozenset() if sandbox else exports_of(store.home)
    return [batch for batch in batches if batch.sha256 not in rehearsed]


def own_undated(store: Store, start: datetime, until: datetime) -> list[dict[str, object]]:
    """Return our postbacks without a date that an export has proven, of a stretch of time.

    The platform stored them as of when they were sent; a run takes them at their claim's time.
    Those of the sandbox count where its own export is loaded: without it, all events are those of a
    real platform, of which a rehearsal moves none.
    """
    span = {"start": start.isoformat(" "), "until": until.isoformat(" ")}
    rehearsed = exports_of(store.home)
    is_rehearsal = any(batch.sha256 in rehearsed for batch in store.batches(Kind.EVENT))
    with ledgers_of(store) as ledgers:
        told = [one for one in ledgers if is_rehearsal or not one.sandbox]
        return [dict(row) for one in told for row in one.query("own_undated", **span)]


def weighed(
    store: Store,
    needs: Iterable[PostbackNeed],
    ledger: Ledger,
    *,
    settings: FiringSettings,
    old_export: str | None,
) -> list[PostbackNeed]:
    """Return the needs, those blocked that the settings and the warehouse speak against.

    Args:
        store: The warehouse.
        needs: What a plan is to be made of.
        ledger: Its clock counts.
        settings: The limits, and the target.
        old_export: Why a plan is made although the newest event export is too old.
    """
    now = datetime.fromisoformat(ledger.now())
    batches = told_to(store, store.batches(Kind.EVENT), sandbox=ledger.sandbox)
    facts = Facts(
        settings.host, now, _newest_export(batches), _ceilings(store, batches), old_export
    )
    return list(hold_back(needs, facts, settings))


def _newest_export(batches: Iterable[Batch]) -> datetime | None:
    """Return when the newest event export was taken, at the latest when it was imported."""
    taken = [
        min(batch.exported_at or batch.last_at, batch.imported_at)
        for batch in batches
        if batch.last_at is not None
    ]
    return max(taken, default=None)


def _ceilings(store: Store, batches: Sequence[Batch]) -> dict[str, Decimal]:
    engine = Engine()
    try:
        store.attach(engine, batches)
        rows = engine.query("proof/campaign_ceiling")
        return {campaign: Decimal(e4).scaleb(-4) for campaign, e4 in rows}
    finally:
        engine.close()
