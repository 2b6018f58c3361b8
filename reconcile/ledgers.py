"""The two ledgers of a store, the sandbox's and that of real hosts, and what weighs on a plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from reconcile.engine import Engine
from reconcile.errors import NotFound
from reconcile.firing import Ledger, PostbackNeed, open_ledger
from reconcile.firing.holding import Facts, hold_back
from reconcile.firing.naming import Names, joined
from reconcile.firing.policy import checked_host, is_sandbox
from reconcile.firing.settings import FiringSettings, load_settings
from reconcile.matching.aliasing import show_known_names
from reconcile.matching.parameters import parameters_of
from reconcile.sandbox import exports_of
from reconcile.terms import EventSetting, Kind, Known
from reconcile.warehouse import Batch, Store
from reconcile.warehouse.aliases import known_names


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


def names_of(store: Store, runs: Iterable[str] = ()) -> Names:
    """Return the names of campaigns and events: those that these runs went by, and those of now.

    A run of another warehouse is passed over: its ledger may have been brought here.
    """
    said = []
    for run_id in runs:
        try:
            stored = json.loads(store.run(run_id).params_json)["parameters"]
        except NotFound:
            continue
        said.append(parameters_of(stored).alias)
    said.append(known_names(store.catalog))
    campaigns, events = (joined(one.get(of, {}) for one in said) for of in ("campaign", "event"))
    return Names(campaigns, events)


def attach_named(store: Store, engine: Engine, batches: Sequence[Batch], names: Names) -> None:
    """Make batches readable by the known names of campaigns and events, as runs read them.

    As the files have them, the tables are `<kind>_told`.
    """
    store.attach(engine, batches, events=names.events)
    show_known_names(engine, {"campaign": names.campaigns, "event": names.events})


def named_settings(store: Store, names: Names) -> list[EventSetting]:
    """Return the event settings by known names; what two spellings disagree on is unknown."""
    found: dict[tuple[str, str], EventSetting] = {}
    for one in store.settings():
        key = names.campaign(one.campaign_id), names.event(one.event_id)
        other = found.get(key, one)
        found[key] = replace(
            one,
            campaign_id=key[0],
            event_id=key[1],
            is_conversion=_agreed(one.is_conversion, other.is_conversion),
            allows_duplicates=_agreed(one.allows_duplicates, other.allows_duplicates),
        )
    return list(found.values())


def _agreed(one: Known, other: Known) -> Known:
    return one if one is other else Known.UNKNOWN


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


def weighed(  # noqa: PLR0913 - all that weighs on a plan
    store: Store,
    needs: Iterable[PostbackNeed],
    ledger: Ledger,
    *,
    settings: FiringSettings,
    names: Names,
    old_export: str | None,
) -> list[PostbackNeed]:
    """Return the needs, those blocked that the settings and the warehouse speak against.

    Args:
        store: The warehouse.
        needs: What a plan is to be made of.
        ledger: Its clock counts.
        settings: The limits, and the target.
        names: What campaigns are called in the needs.
        old_export: Why a plan is made although the newest event export is too old.
    """
    now = datetime.fromisoformat(ledger.now())
    batches = told_to(store, store.batches(Kind.EVENT), sandbox=ledger.sandbox)
    usual = _ceilings(store, batches, names)
    facts = Facts(settings.host, now, newest_export(batches), usual, old_export)
    return list(hold_back(needs, facts, settings))


def newest_export(batches: Iterable[Batch]) -> datetime | None:
    """Return when the newest event export was taken, at the latest when it was imported."""
    taken = [
        min(batch.exported_at or batch.last_at, batch.imported_at)
        for batch in batches
        if batch.last_at is not None
    ]
    return max(taken, default=None)


def _ceilings(store: Store, batches: Sequence[Batch], names: Names) -> dict[str, Decimal]:
    engine = Engine()
    try:
        attach_named(store, engine, batches, names)
        rows = engine.query("proof/campaign_ceiling")
        return {campaign: Decimal(e4).scaleb(-4) for campaign, e4 in rows}
    finally:
        engine.close()
