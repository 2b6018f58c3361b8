"""Runs over stored batches: chosen by what they cover, kept with all they depend on."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import BadParameters, ReconcileError
from reconcile.matching.parameters import RULE_VERSION, Cover, RunParameters, parameters_of
from reconcile.matching.reconciling import Inputs, Source, Work, reconcile_tables
from reconcile.matching.summary import Summary, summarise
from reconcile.terms import EventSetting, Kind, Known
from reconcile.warehouse import Batch, RunRecord, Store

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """A stored run: its id, what it found, and where its files are.

    `summary` is as `matching/summary.py` describes it; `reproduced` is None for a new run, and for
    a repeated one whether it gave the very same result.
    """

    id: str
    summary: Summary
    findings: int
    folder: Path
    reproduced: bool | None = None


def run(
    store: Store,
    parameters: RunParameters,
    *,
    leads_are_claims: bool | None = None,
    progress: Progress = lambda _: None,
) -> Run:
    """Reconcile the visible batches and keep the result.

    Args:
        store: The warehouse.
        parameters: Period, zone and rules.
        leads_are_claims: Reconcile the events with the sold leads instead of buyer reports; by
            default only where no buyer report is loaded.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        BadParameters: Nothing is loaded to reconcile.
        QuestionOpen: A status word that nobody has translated.
    """
    batches = store.batches()
    if leads_are_claims is None:
        leads_are_claims = not any(batch.kind is Kind.CLAIM for batch in batches)
    chosen = _chosen(batches, parameters, leads_are_claims=leads_are_claims)
    asked = json.dumps(
        {
            "parameters": parameters.to_json_values(),
            "leads_are_claims": leads_are_claims,
            "settings": [asdict(setting) for setting in store.settings()],
            "confirmed": [batch.id for batch in chosen if batch.confirmed],
        },
        sort_keys=True,
    )
    return _run(store, asked, chosen, progress)


def run_again(store: Store, run_id: str, *, progress: Progress = lambda _: None) -> Run:
    """Repeat a stored run with its own parameters, settings and batches, undone ones included.

    Nothing is stored; `reproduced` of the answer says whether the result is the very same.

    Raises:
        NotFound: There is no such run.
        ReconcileError: The rules have changed since, or a file was changed behind our back.
    """
    record = store.run(run_id)
    if record.rule_version != RULE_VERSION:
        raise ReconcileError(
            f"Run {run_id} was made by rule version {record.rule_version}, this release has "
            f"{RULE_VERSION}: it cannot be repeated exactly. Start a new run instead."
        )
    by_id = {batch.id: batch for batch in store.batches(with_undone=True)}
    batches = [by_id[batch_id] for batch_id in record.batch_ids]
    confirmed = json.loads(record.params_json).get("confirmed")
    if confirmed is not None:  # the first runs did not keep it
        batches = [replace(batch, confirmed=batch.id in confirmed) for batch in batches]
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder, _engine() as engine:
        summary, digest = _reconcile(
            engine, store, _Ask(record.params_json, batches), Path(folder), progress
        )
    return Run(
        run_id,
        summary,
        int(summary["findings"]),
        store.run_path(run_id),
        reproduced=digest == record.result_sha256,
    )


@dataclass(frozen=True)
class _Ask:
    """What a run was asked, as stored, and the batches it reads, in their order."""

    asked: str
    batches: Sequence[Batch]

    @property
    def parameters(self) -> RunParameters:
        return parameters_of(json.loads(self.asked)["parameters"])

    @property
    def leads_are_claims(self) -> bool:
        return bool(json.loads(self.asked)["leads_are_claims"])

    @property
    def settings(self) -> list[EventSetting]:
        return [
            EventSetting(
                **values
                | {name: Known(values[name]) for name in ("is_conversion", "allows_duplicates")}
            )
            for values in json.loads(self.asked)["settings"]
        ]


def _run(store: Store, asked: str, batches: Sequence[Batch], progress: Progress) -> Run:
    folder = store.new_run_dir()
    try:
        with _engine() as engine:
            summary, digest = _reconcile(engine, store, _Ask(asked, batches), folder, progress)
        record = RunRecord(
            id=folder.name,
            created_at=datetime.now(UTC).replace(tzinfo=None),
            params_json=asked,
            batch_ids=tuple(batch.id for batch in batches),
            batch_hashes=tuple(batch.sha256 for batch in batches),
            rule_version=RULE_VERSION,
            summary_json=json.dumps(summary, ensure_ascii=False),
            result_sha256=digest,
            finding_count=int(summary["findings"]),
        )
        final = store.record_run(record)
    except BaseException:
        store.discard_run(folder.name)
        raise
    return Run(record.id, summary, record.finding_count, final)


@contextmanager
def _engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="reconcile-") as spill:
        engine = Engine(temp_dir=Path(spill))
        try:
            yield engine
        finally:
            engine.close()


def _reconcile(
    engine: Engine, store: Store, ask: _Ask, folder: Path, progress: Progress
) -> tuple[Summary, str]:
    """Answer into `folder`; return the summary and the hash of the result."""
    parameters, leads_are_claims = ask.parameters, ask.leads_are_claims
    progress(f"reading {len(ask.batches)} batches")
    store.attach(engine, ask.batches)
    inputs = _inputs(store, ask)
    progress("reconciling")
    tally = reconcile_tables(engine, parameters, inputs, Work(leads_are_claims=leads_are_claims))
    summary = summarise(engine, parameters, tally)
    summary["batches"] = [
        {"batch": batch.id, "kind": str(batch.kind), "file": batch.file, "sha256": batch.sha256}
        for batch in ask.batches
    ]
    progress("writing")
    engine.table("run_row", "matching/row_stored")
    engine.table("run_choice", "matching/choice_out")
    for name in ("run_row", "bridge", "run_choice"):
        engine.write_parquet(folder / f"{name}.parquet", name)
    text = json.dumps(summary, indent=2, ensure_ascii=False)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    return summary, _digest(engine)


def _digest(engine: Engine) -> str:
    """Return the sha256 of the result as text, rows and bridge in their order."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder:
        for name, params in (("row_out", {"with_matched": False}), ("bridge_out", {})):
            path = Path(folder) / f"{name}.csv"
            engine.write_csv(path, f"matching/{name}", **params)
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _chosen(
    batches: Sequence[Batch], parameters: RunParameters, *, leads_are_claims: bool
) -> list[Batch]:
    """Return the batches a run has to read: all leads, and what may lie in its window."""
    period_from, period_to = parameters.period
    margin = timedelta(days=parameters.margin_days + 1)
    start, end = period_from - margin, period_to + margin
    kinds = {Kind.LEAD, Kind.EVENT} | (set() if leads_are_claims else {Kind.CLAIM})
    chosen = [
        batch
        for batch in batches
        if batch.kind in kinds and (batch.kind is Kind.LEAD or _may_reach(batch, start, end))
    ]
    if not chosen:
        raise BadParameters(
            "Nothing is loaded to reconcile. Import an event export and a buyer report or a lead "
            "export first, for example: reconcile import events.csv --kind event"
        )
    if not any(batch.kind is not Kind.LEAD for batch in chosen) and not leads_are_claims:
        raise BadParameters(
            f"No batch has rows between {start:%Y-%m-%d} and {end:%Y-%m-%d}. "
            "`reconcile batches` lists what is loaded and the time each batch spans."
        )
    return sorted(chosen, key=lambda batch: batch.id)


def _may_reach(batch: Batch, start: datetime, end: datetime) -> bool:
    firsts = [time for time in (batch.first_at, batch.period_from) if time]
    lasts = [time for time in (batch.last_at, batch.period_to) if time]
    if not firsts or not lasts:
        return True
    return min(firsts) < end and max(lasts) >= start


def _inputs(store: Store, ask: _Ask) -> Inputs:
    parameters = ask.parameters
    claims = Kind.LEAD if ask.leads_are_claims else Kind.CLAIM
    claim_covers = _covers(store, ask.batches, claims, parameters.claim_cover)
    if ask.leads_are_claims and parameters.claim_cover is None:
        # A lead export names campaigns, and speaks for every buyer: also for none, the unsold lead.
        claim_covers = [replace(cover, name=None) for cover in claim_covers]
    return Inputs(
        sources=[_source(number, batch) for number, batch in enumerate(ask.batches, 1)],
        settings=ask.settings,
        lead_covers=_covers(store, ask.batches, Kind.LEAD, parameters.lead_cover),
        event_covers=_covers(store, ask.batches, Kind.EVENT, parameters.event_cover),
        claim_covers=claim_covers,
    )


def _source(number: int, batch: Batch) -> Source:
    stated = batch.period_from is not None and batch.period_to is not None
    return Source(
        file_no=number,
        file=batch.file,
        kind=str(batch.kind),
        batch=batch.id,
        has_amount=batch.has_amount,
        period=(batch.period_from, batch.period_to) if stated else None,  # type: ignore[arg-type]
        stated_end=batch.period_to,
        buyers=batch.buyers,
        status_words=dict(batch.status_words),
        status_events=dict(batch.status_events),
    )


def _covers(
    store: Store, batches: Sequence[Batch], kind: Kind, stated: Sequence[Cover] | None
) -> Sequence[Cover]:
    """Return what the parameters state, else what the batches of a kind cover themselves."""
    if stated is not None:
        return stated
    return [
        Cover(cover.name, cover.from_utc, cover.to_utc)
        for batch in batches
        if batch.kind is kind
        for cover in store.coverage(batch)
    ]
