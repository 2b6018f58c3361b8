"""A funnel over what is loaded: the fact table is built of the visible batches, and asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from reconcile.engine import Engine
from reconcile.errors import BadFunnel
from reconcile.funnel.definition import FunnelDefinition
from reconcile.funnel.facts import Around, add_recovered, build_facts
from reconcile.funnel.judging import Funnel
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, glob_free
from reconcile.warehouse.aliases import known_names


@contextmanager
def open_funnel(
    store: Store,
    definition: FunnelDefinition,
    *,
    as_of: datetime | None = None,
    run_id: str | None = None,
    refs: Collection[str] | None = None,
) -> Iterator[Funnel]:
    """Build the fact table of a funnel over the visible batches, and lend it for questions.

    Args:
        store: The warehouse.
        definition: Steps and choices.
        as_of: The data's end, naive UTC, as if the files had ended then; by default the last time
            that a lead or event export of the funnel's campaigns speaks of.
        run_id: A stored run, whose missing events count as recovered ones.
        refs: Only these of its findings (`ref` of `findings`); all by default.

    Raises:
        BadFunnel: No lead is loaded, or a run is named and the unit is not the transaction id.
        NotFound: There is no such run.
        WarehouseError: A batch's file is missing.
    """
    batches = [batch for batch in store.batches() if batch.kind is not Kind.CLAIM]
    if not any(batch.kind is Kind.LEAD for batch in batches):
        raise BadFunnel(
            "No lead is loaded, and a funnel begins with leads. Import a lead export first, for "
            "example: reconcile import leads.csv --kind lead"
        )
    if run_id is not None and definition.unit != "transaction_id":
        raise BadFunnel(
            f"Funnel {definition.name!r} tells leads apart by {definition.unit}, which findings do "
            "not name. Only a funnel whose unit is transaction_id can count recovered events."
        )
    engine = Engine()
    try:
        store.attach(engine, batches)
        if as_of is not None:
            _cut_off_leads(engine, as_of)
        around = _around(store, batches, as_of)
        known = around.names.get("campaign", {})
        meant = tuple(known.get(name, name) for name in definition.campaigns)
        definition = replace(definition, campaigns=meant)
        build_facts(engine, definition, around)
        if run_id is not None:
            path = store.run_path(store.run(run_id).id) / "run_row.parquet"
            engine.view_parquet("run_row", [glob_free(path)])
            add_recovered(engine, definition, refs)
        end = as_of or _end(engine, store, batches, definition.campaigns)
        yield Funnel(engine, definition, end, with_findings=run_id is not None)
    finally:
        engine.close()


def _cut_off_leads(engine: Engine, as_of: datetime) -> None:
    """Leave out the leads after the data's end."""
    engine.rename(Kind.LEAD, "lead_loaded")
    engine.view(Kind.LEAD, "funnel/lead_until", as_of=as_of)


def _around(store: Store, batches: Sequence[Batch], as_of: datetime | None) -> Around:
    words: dict[str, str] = {}
    for batch in batches:
        if batch.kind is Kind.LEAD:
            words |= {word.strip().lower(): status for word, status in batch.status_words.items()}
    return Around(
        names=known_names(store.catalog),
        settings=store.settings(),
        zones={number: batch.zone for number, batch in enumerate(batches, 1)},
        status_words=words,
        as_of=as_of,
    )


def _end(
    engine: Engine, store: Store, batches: Sequence[Batch], campaigns: Collection[str]
) -> datetime | None:
    """Return up to when the exports speak of the campaigns; no file knows what came after it."""
    ends = [
        min(cover.to_utc, batch.made_at)
        for batch in batches
        for cover in store.coverage(batch)
        if batch.kind is Kind.EVENT and (not campaigns or cover.name in (None, *campaigns))
    ]
    [(_, last_lead, last_event)] = engine.query("funnel/time_span_kept")
    return max(filter(None, (*ends, last_lead, last_event)), default=None)
