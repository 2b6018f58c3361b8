"""Runs over stored batches: chosen by what they cover, kept with all they depend on."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reconcile.asked import Asked, accepted_now, asked_of, inputs_of
from reconcile.decisions import this_user
from reconcile.engine import Engine, ranges_for
from reconcile.errors import BadParameters, ReconcileError
from reconcile.increment import KEPT, Increment, Snapshot, former_run, reconcile_increment
from reconcile.ledgers import own_undated
from reconcile.matching.parameters import ALIASED, RULE_VERSION, RunParameters
from reconcile.matching.proposing import find_proposals
from reconcile.matching.reconciling import Tally, Work, reconcile_tables
from reconcile.matching.summary import Summary, summarise
from reconcile.terms import Kind
from reconcile.unmatched import keep_nearest
from reconcile.warehouse import Batch, RunRecord, Store
from reconcile.warehouse.aliases import known_names

Progress = Callable[[str], None]

_DAY = timedelta(days=1)
_NEVER = datetime.min  # noqa: DTZ901 - times are naive UTC throughout


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


def run(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    parameters: RunParameters,
    *,
    leads_are_claims: bool | None = None,
    whole: bool = False,
    without: Collection[str] = (),
    reuse: bool = False,
    memory_limit: str | None = None,
    progress: Progress = lambda _: None,
) -> Run:
    """Reconcile the visible batches and keep the result.

    Where a stored run was asked the same of nearly the same batches, only what the others can touch
    is reconciled anew; the result is that of a whole run, row by row.

    Args:
        store: The warehouse.
        parameters: Period, zone and rules.
        leads_are_claims: Reconcile the events with the sold leads instead of buyer reports; by
            default only where no buyer report is loaded.
        whole: Reconcile every row anew, whatever runs there were.
        without: Ids of batches to be read as if they had not been imported yet.
        reuse: Return the stored run that was asked the very same of the very same batches, if any.
        memory_limit: What the engine may use, such as "512MB"; else RECONCILE_MEMORY, else half of
            the machine's.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        BadParameters: Nothing is loaded to reconcile, or the limit is no size.
        QuestionOpen: A status word that nobody has translated.
    """
    batches = [batch for batch in store.batches() if batch.id not in without]
    parameters = _with_aliases(store, parameters)
    if leads_are_claims is None:
        leads_are_claims = not any(batch.kind is Kind.CLAIM for batch in batches)
    own = own_undated(store, *_window(parameters))
    chosen = _chosen(batches, parameters, own, leads_are_claims=leads_are_claims)
    asked: dict[str, object] = {
        "parameters": parameters.to_json_values(),
        "leads_are_claims": leads_are_claims,
        "settings": [asdict(setting) for setting in store.settings()],
        "confirmed": [batch.id for batch in chosen if batch.confirmed],
    }
    if accepted := accepted_now(store, Kind.LEAD if leads_are_claims else Kind.CLAIM):
        asked["accepted"] = accepted
    if own:
        asked["own"] = own
    text = json.dumps(asked, sort_keys=True)
    if reuse and (same := _same_run(store, text, chosen)) is not None:
        return same
    former = None if whole else former_run(store, text, chosen)
    return _run(store, Asked(text, chosen), _How(memory_limit, former), progress)


def _same_run(store: Store, asked: str, chosen: Sequence[Batch]) -> Run | None:
    """Return the newest run that was asked the same of the same batches, by the present rules."""
    ids = tuple(batch.id for batch in chosen)
    for record in store.runs():
        if (record.params_json, record.batch_ids, record.rule_version) == (
            asked,
            ids,
            RULE_VERSION,
        ):
            folder = store.run_path(record.id)
            return Run(record.id, json.loads(record.summary_json), record.finding_count, folder)
    return None


def run_again(
    store: Store,
    run_id: str,
    *,
    memory_limit: str | None = None,
    progress: Progress = lambda _: None,
) -> Run:
    """Repeat a stored run as a whole: its parameters, settings and batches, undone ones included.

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
    folder = store.new_run_dir()
    try:
        with _engine(folder, memory_limit) as engine:
            ask = asked_of(store, record)
            summary, digest = _reconcile(engine, store, ask, _Target(folder, None), progress)
    finally:
        store.discard_run(folder.name)
    return Run(
        run_id,
        summary,
        int(summary["findings"]),
        store.run_path(run_id),
        reproduced=digest == record.result_sha256,
    )


@dataclass(frozen=True)
class _How:
    """How a run is made: within which memory, and building on which former run, if any."""

    memory_limit: str | None
    former: RunRecord | None


@dataclass(frozen=True)
class _Target:
    """The folder that a run is written to, and the former run it builds on, if any."""

    folder: Path
    former: RunRecord | None


def _run(store: Store, ask: Asked, how: _How, progress: Progress) -> Run:
    folder = store.new_run_dir()
    try:
        with _engine(folder, how.memory_limit) as engine:
            target = _Target(folder, how.former)
            summary, digest = _reconcile(engine, store, ask, target, progress)
            if summary["work"]["built_on"] is None:
                progress("looking for what came nearest to the left-overs")
                keep_nearest(engine, ask.parameters, folder)
        record = RunRecord(
            id=folder.name,
            created_at=datetime.now(UTC).replace(tzinfo=None),
            params_json=ask.asked,
            batch_ids=tuple(batch.id for batch in ask.batches),
            batch_hashes=tuple(batch.sha256 for batch in ask.batches),
            rule_version=RULE_VERSION,
            summary_json=json.dumps(summary, ensure_ascii=False),
            result_sha256=digest,
            finding_count=int(summary["findings"]),
            made_by=this_user(),
        )
        final = store.record_run(record)
    except BaseException:
        store.discard_run(folder.name)
        raise
    return Run(record.id, summary, record.finding_count, final)


@contextmanager
def _engine(folder: Path, limit: str | None) -> Iterator[Engine]:
    """Open an engine that spills on the warehouse's disk; a killed run's spill is swept with it."""
    with tempfile.TemporaryDirectory(prefix="spill-", dir=folder) as spill:
        engine = Engine(memory_limit=limit, temp_dir=Path(spill))
        try:
            yield engine
        finally:
            engine.close()


def _reconcile(
    engine: Engine, store: Store, ask: Asked, target: _Target, progress: Progress
) -> tuple[Summary, str]:
    """Answer into the target's folder; return the summary and the hash of the result."""
    parameters = ask.parameters
    work = Work(
        leads_are_claims=ask.leads_are_claims,
        ranges=ranges_for(sum(batch.rows for batch in ask.batches), engine.memory_limit),
    )
    progress(f"reading {len(ask.batches)} batches")
    tally = _reconcile_anew(engine, store, ask, target.former, work) if target.former else None
    built_on = target.former.id if target.former and tally else None
    if tally is None:
        store.attach(engine, ask.batches, events=parameters.alias.get("event", {}))
        progress("reconciling")
        tally = reconcile_tables(engine, parameters, inputs_of(store, ask), work)
        engine.table("run_choice", "matching/choice_out")
        engine.table("run_left", "increment/left_row")
        engine.table("run_link", "increment/link_row")
    summary = summarise(engine, parameters, tally)
    summary["work"] = {"ranges": work.ranges, "built_on": built_on}
    summary["batches"] = [
        {"batch": batch.id, "kind": str(batch.kind), "file": batch.file, "sha256": batch.sha256}
        for batch in ask.batches
    ]
    progress("writing")
    find_proposals(engine, parameters)
    engine.write_parquet(target.folder / "run_proposal.parquet", "run_proposal")
    engine.view("run_row", "matching/row_stored")
    for name in KEPT:
        engine.write_parquet(target.folder / f"{name}.parquet", name)
    text = json.dumps(summary, indent=2, ensure_ascii=False)
    (target.folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    return summary, _digest(engine, target.folder)


def _reconcile_anew(
    engine: Engine, store: Store, ask: Asked, former: RunRecord, work: Work
) -> Tally | None:
    """Reconcile what differs from a former run; None where that is not worth it."""
    before = asked_of(store, former)
    increment = Increment(
        former,
        store.run_path(former.id),
        before=Snapshot(before.batches, inputs_of(store, before)),
        now=Snapshot(ask.batches, inputs_of(store, ask)),
    )
    return reconcile_increment(engine, store, ask.parameters, increment, work)


def _digest(engine: Engine, folder: Path) -> str:
    """Return the sha256 of the result as text, rows and bridge in their order."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="digest-", dir=folder) as aside:
        for name, params in (("row_out", {"with_matched": False}), ("bridge_out", {})):
            path = Path(aside) / f"{name}.csv"
            engine.write_csv(path, f"matching/{name}", **params)
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _with_aliases(store: Store, parameters: RunParameters) -> RunParameters:
    """Return the parameters with the aliases that are known now; stated ones go before them."""
    known = known_names(store.catalog)
    found: dict[str, dict[str, str]] = {}
    for dimension in ALIASED:
        words = {**known.get(dimension, {}), **parameters.alias.get(dimension, {})}
        if words:
            found[dimension] = {spelling: words.get(name, name) for spelling, name in words.items()}
    return replace(parameters, alias=found)


def _chosen(
    batches: Sequence[Batch],
    parameters: RunParameters,
    own: Sequence[Mapping[str, object]],
    *,
    leads_are_claims: bool,
) -> list[Batch]:
    """Return the batches a run has to read: all leads, and what may lie in its window.

    Only what can change no verdict is left out (matching.md, sections 1 to 3):
    - A lead says whose row it is, however old it is, so all leads stay.
    - Events and claims count, repeat, and stand in each other's way inside the period and its
      margin only, and versions of a row have one time; so what lies beyond is left out. Of the
      reports that lie beyond, the last stated end is still the run's watermark.
    - Campaigns and buyers leave nothing out: repeats, placeholders, `other_buyer` and a key's
      campaigns are told from all rows of the window, before these filters.
    - An event of ours without a date counts at the time of its claim (`own`), wherever the export
      that shows it has it.
    """
    start, end = _window(parameters)
    kinds = {Kind.LEAD, Kind.EVENT} | (set() if leads_are_claims else {Kind.CLAIM})
    ours = [batch for batch in batches if batch.kind in kinds]
    stretches = [(start, end), *(_around(one) for one in own)]
    chosen = [
        batch
        for batch in ours
        if batch.kind is Kind.LEAD or any(_may_reach(batch, *stretch) for stretch in stretches)
    ]
    if not chosen:
        raise BadParameters(
            "Nothing is loaded to reconcile. Import an event export and a buyer report or a lead "
            "export first, for example: reconcile import events.csv --kind event"
        )
    if all(batch.kind is Kind.LEAD for batch in chosen) and not leads_are_claims:
        raise BadParameters(
            f"No batch has rows between {start:%Y-%m-%d} and {end:%Y-%m-%d}. "
            "`reconcile batches` lists what is loaded and the time each batch spans."
        )
    last = _last_word(ours, parameters)
    chosen += [last] if last is not None and last not in chosen else []
    return sorted(chosen, key=lambda batch: batch.id)


def _around(own: Mapping[str, object]) -> tuple[datetime, datetime]:
    """Return the stretch in which the platform may have stored a postback without a date."""
    first, last = (datetime.fromisoformat(str(own[name])) for name in ("sent_at", "sent_until"))
    return first - _DAY, last + _DAY


def _window(parameters: RunParameters) -> tuple[datetime, datetime]:
    """Return the period with its margin, and a day more for the zones of the rows."""
    period_from, period_to = parameters.period
    margin = timedelta(days=parameters.margin_days + 1)
    return period_from - margin, period_to + margin


def _last_word(batches: Sequence[Batch], parameters: RunParameters) -> Batch | None:
    """Return the report whose stated end is the latest that the run's buyers have spoken up to."""
    aliases = parameters.alias.get("buyer", {})

    def known(names: Sequence[str]) -> list[str]:
        return [aliases.get(name, name) for name in names]

    stated = [
        batch
        for batch in batches
        if batch.kind is Kind.CLAIM and batch.period_to is not None
        if not parameters.buyers
        or not batch.buyers
        or not set(known(parameters.buyers)).isdisjoint(known(batch.buyers))
    ]
    if parameters.watermark is not None:
        return None
    return max(stated, key=lambda b: (b.period_to or _NEVER, b.id), default=None)


def _may_reach(batch: Batch, start: datetime, end: datetime) -> bool:
    firsts = [time for time in (batch.first_at, batch.period_from) if time]
    lasts = [time for time in (batch.last_at, batch.period_to) if time]
    if not firsts or not lasts:
        return True
    return min(firsts) < end and max(lasts) >= start
