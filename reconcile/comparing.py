"""The one-shot form: files in, verdicts and bridge out, nothing stored."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import BadParameters
from reconcile.importing import (
    Mapping,
    StagedFile,
    StageOptions,
    empty_tables,
    load_mapping,
    load_settings,
    stage,
)
from reconcile.matching.parameters import Cover, RunParameters
from reconcile.matching.reconciling import Inputs, Source, add_matched_rows, reconcile_tables
from reconcile.matching.summary import Summary, summarise
from reconcile.terms import Kind

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Comparison:
    """What a comparison found and where it wrote it.

    `summary` is the content of summary.json; `rejected` counts rows that could not be read.
    """

    summary: Summary
    findings: int
    rejected: int
    out: Path


@dataclass(frozen=True)
class CompareFiles:
    """The files of a comparison, by what one row of them stands for."""

    events: Sequence[Path]
    claims: Sequence[Path] = ()
    leads: Sequence[Path] = ()
    settings: Path | None = None
    mappings: Sequence[Path] = ()


def compare(
    files: CompareFiles,
    parameters: RunParameters,
    out: Path,
    *,
    matched: bool = False,
    progress: Progress = lambda _: None,
) -> Comparison:
    """Reconcile files with each other and write what was found, storing nothing.

    Every row of every file counts. Without `claims` the sold leads of `leads` are the claims, their
    event `default_event`. Event and claim files are taken to cover the whole run, leads from their
    first to their last row, unless the parameters say otherwise.

    Args:
        files: Paths by kind; each kind may have several.
        parameters: Period, zone and rules of the run.
        out: Folder for `rows.csv` (one line per row in scope), `bridge.csv` (the finest groups),
            `summary.json`, and `rejected.csv` if rows could not be read. Made if absent.
        matched: Write matched rows, too.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        BadFile, BadMapping, BadSettings, BadParameters: An input cannot be used; nothing is
            written.
        QuestionOpen: Only a person can answer, for example what a status word means.
    """
    if not files.claims and not files.leads:
        raise BadParameters(
            "There is nothing to compare the events with. Give a buyer report (--claims), or a "
            "lead export whose sold leads are the claims (--leads)."
        )
    with tempfile.TemporaryDirectory(prefix="reconcile-") as spill:
        engine = Engine(temp_dir=Path(spill))
        try:
            return _compare(engine, files, parameters, _Output(out, matched), progress)
        finally:
            engine.close()


@dataclass(frozen=True)
class _Output:
    folder: Path
    matched: bool


def _compare(
    engine: Engine,
    files: CompareFiles,
    parameters: RunParameters,
    output: _Output,
    progress: Progress,
) -> Comparison:
    settings = load_settings(files.settings) if files.settings else []
    staged = list(_stage_all(engine, files, parameters, progress))
    progress("reconciling")
    inputs = Inputs(
        sources=[_source(one, parameters) for one in staged],
        settings=settings,
        lead_covers=_lead_covers(engine, parameters),
        event_covers=_whole_run(parameters.event_cover, parameters),
        claim_covers=_whole_run(parameters.claim_cover, parameters),
    )
    leads_are_claims = not files.claims
    tally = reconcile_tables(engine, parameters, inputs, leads_are_claims=leads_are_claims)
    summary = summarise(engine, parameters, tally)
    if leads_are_claims:
        summary["unsold_leads"] = {
            word or "": rows for word, rows in sorted(engine.query("matching/unsold_lead"), key=str)
        }
    summary["files"] = [_file_entry(one) for one in staged]
    progress("writing")
    _write(engine, summary, output)
    rejected = sum(one.rejected for one in staged)
    return Comparison(summary, tally.findings, rejected, output.folder)


def _stage_all(
    engine: Engine, files: CompareFiles, parameters: RunParameters, progress: Progress
) -> Iterable[StagedFile]:
    empty_tables(engine)
    mappings = [load_mapping(path) for path in files.mappings]
    listed = [(Kind.LEAD, path) for path in files.leads]
    listed += [(Kind.EVENT, path) for path in files.events]
    listed += [(Kind.CLAIM, path) for path in files.claims]
    for number, (kind, path) in enumerate(listed, start=1):
        progress(f"reading {path}")
        options = StageOptions(
            file_no=number,
            mapping=_mapping_for(kind, mappings),
            zone=parameters.zone,
            canonical_headers=True,
        )
        yield stage(engine, path, kind=kind, options=options)


def _mapping_for(kind: Kind, mappings: Sequence[Mapping]) -> Mapping | None:
    return next((mapping for mapping in mappings if mapping.kind in (kind, None)), None)


def _source(staged: StagedFile, parameters: RunParameters) -> Source:
    """Describe a file; its stated period is the run's unless it states one itself."""
    period = parameters.period
    if staged.period_from is not None and staged.period_to is not None:
        period = (staged.period_from, staged.period_to)
    return Source(
        file_no=staged.file_no,
        file=staged.name,
        kind=str(staged.kind),
        has_amount=staged.has_amount,
        period=period,
        stated_end=staged.period_to,
        status_words=staged.status_words,
        status_events=staged.status_events,
    )


def _lead_covers(engine: Engine, parameters: RunParameters) -> Sequence[Cover]:
    """Leads cover from the first to the last row of all files together, the last included."""
    if parameters.lead_cover is not None:
        return parameters.lead_cover
    first, last = engine.query("matching/lead_cover")[0]
    return [] if first is None else [Cover(None, first, last + timedelta(microseconds=1))]


def _whole_run(stated: Sequence[Cover] | None, parameters: RunParameters) -> Sequence[Cover]:
    return [Cover(None, *parameters.period)] if stated is None else stated


def _file_entry(staged: StagedFile) -> dict[str, object]:
    return {
        "file": staged.name,
        "kind": str(staged.kind),
        "sha256": staged.sha256,
        "encoding": staged.encoding,
        "zone": staged.zone,
        "rows": staged.rows,
        "rejected": staged.rejected,
        "lines": staged.line_classes,
    }


def _write(engine: Engine, summary: Summary, output: _Output) -> None:
    """Write all files aside first, so that a folder never holds half an answer."""
    if output.matched:
        add_matched_rows(engine)
    output.folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=output.folder))
    try:
        engine.write_csv(aside / "rows.csv", "matching/row_out", with_matched=output.matched)
        engine.write_csv(aside / "bridge.csv", "matching/bridge_out")
        engine.write_csv(aside / "rejected.csv", "matching/rejected_out")
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        (aside / "summary.json").write_text(text + "\n", encoding="utf-8")
        for path in sorted(aside.iterdir()):
            path.replace(output.folder / path.name)
    finally:
        shutil.rmtree(aside)
