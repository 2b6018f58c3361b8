"""The committed sample as a store's first content, and its removal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reconcile.decisions import this_user
from reconcile.errors import NotFound, WarehouseError
from reconcile.funnel.files import forget_funnel, known_funnels, load_funnel, save_funnel
from reconcile.importing import import_file, load_settings
from reconcile.matching.parameters import load_parameters
from reconcile.running import Run, run
from reconcile.terms import EventSetting, Kind, Known
from reconcile.warehouse import Batch, Store

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
"""Where a checkout keeps its sample."""

SENDER = "sample"
"""Whose files the sample's batches are said to be: by it they are known again."""

_FILES = (
    ("leads.csv", Kind.LEAD),
    ("events.csv", Kind.EVENT),
    ("claims_*.csv", Kind.CLAIM),
    ("steps/leads.csv", Kind.LEAD),
    ("steps/events.csv", Kind.EVENT),
)
_FUNNELS = "steps/*.toml"


def load_sample(
    store: Store, folder: Path = SAMPLE, *, progress: Callable[[str], None] = lambda _: None
) -> Run:
    """Import the sample and reconcile it; done again, it only adds a run.

    Args:
        store: The warehouse; it may hold nothing else.
        folder: The sample's files, with `settings.csv` and the run's `params.toml`. In `steps`
            there may be unsold leads, the steps of all leads, and funnels over them.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        NotFound: The folder is no sample.
        WarehouseError: Data of your own is loaded, which the sample must not mix with.
    """
    listed = [(path, kind) for name, kind in _FILES for path in sorted(folder.glob(name))]
    if not (folder / "params.toml").is_file() or not listed:
        raise NotFound(
            f"{folder}: is no folder of sample data. It comes with a checkout of the project; "
            "`reconcile sample` writes another one."
        )
    if any(batch.sender != SENDER for batch in store.batches()):
        raise WarehouseError(
            f"{store.home}: holds data of your own, which the sample must not mix with. "
            "Set RECONCILE_HOME to another folder to see the sample."
        )
    parameters = load_parameters(folder / "params.toml")
    user = this_user()
    for path, kind in listed:
        progress(f"importing {path.name}")
        named = _as_named(path)
        import_file(store, named, kind=kind, zone=parameters.zone, sender=SENDER, user=user)
    said = _said_nowhere(store, load_settings(folder / "settings.csv"))
    store.replace_settings(said, user=this_user())
    kept = {funnel.name for funnel in known_funnels(store)}
    for funnel in map(load_funnel, sorted(folder.glob(_FUNNELS))):
        if funnel.name not in kept:
            save_funnel(store, funnel)
    return run(store, parameters, progress=progress)


def only_sample(store: Store) -> bool:
    """Say whether the sample is all that is loaded; False for an empty store."""
    batches = store.batches()
    return bool(batches) and all(batch.sender == SENDER for batch in batches)


def holds_sample(store: Store) -> bool:
    """Say whether the sample is loaded, alone or beside data of one's own."""
    return any(batch.sender == SENDER for batch in store.batches())


def remove_sample(store: Store, folder: Path = SAMPLE) -> list[Batch]:
    """Undo the sample's batches and unsay its event settings; its runs stay on record.

    Its funnels go, too, unless somebody has changed them.

    Returns:
        The batches undone; none if the sample was not loaded.
    """
    undone = [
        store.undo(batch.id, user=this_user())
        for batch in store.batches()
        if batch.sender == SENDER
    ]
    path = folder / "settings.csv"
    if undone and path.is_file():
        theirs = set(load_settings(path))
        unsaid = [_unsaid(one) for one in store.settings() if one in theirs]
        store.replace_settings(unsaid, user=this_user())
    if undone:
        funnels = known_funnels(store)
        for funnel in map(load_funnel, sorted(folder.glob(_FUNNELS))):
            if funnel in funnels:
                forget_funnel(store, funnel.name)
    return undone


def _said_nowhere(store: Store, theirs: list[EventSetting]) -> list[EventSetting]:
    """Return the settings of events that have none: what a person set before stays."""
    said = {(one.campaign_id, one.event_id) for one in store.settings() if one != _unsaid(one)}
    return [one for one in theirs if (one.campaign_id, one.event_id) not in said]


def _unsaid(setting: EventSetting) -> EventSetting:
    """Return a setting that says nothing: settings are never deleted, only changed."""
    return replace(setting, is_conversion=Known.UNKNOWN, allows_duplicates=Known.UNKNOWN)


def _as_named(path: Path) -> Path:
    """Return a path as a person here would write it: file names stand in every finding."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
