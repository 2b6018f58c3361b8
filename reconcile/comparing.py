"""The one-shot form: files in, verdicts and bridge out, nothing stored."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from reconcile.engine import Engine, ranges_for
from reconcile.errors import BadMapping, BadParameters
from reconcile.importing import (
    Mapping,
    StagedFile,
    StageOptions,
    empty_tables,
    gather,
    load_mapping,
    load_settings,
    stage,
)
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.checking.checks import check_compared
from reconcile.importing.checking.total_checks import ask_unfit
from reconcile.matching.nearest import find_nearest
from reconcile.matching.parameters import Cover, RunParameters
from reconcile.matching.reconciling import (
    Inputs,
    Source,
    Work,
    add_matched_rows,
    reconcile_tables,
)
from reconcile.matching.summary import Summary, summarise
from reconcile.terms import Kind

Progress = Callable[[str], None]

WRITTEN = ("rows.csv", "nearest.csv", "bridge.csv", "rejected.csv", "summary.json")
"""The files a comparison writes."""


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


def compare(  # noqa: PLR0913 - each is an option of the command, and has its default
    files: CompareFiles,
    parameters: RunParameters,
    out: Path,
    *,
    matched: bool = False,
    memory_limit: str | None = None,
    progress: Progress = lambda _: None,
) -> Comparison:
    """Reconcile files with each other and write what was found, storing nothing.

    Every row of every file counts. Without `claims` the sold leads of `leads` are the claims, their
    event `default_event`. Event and claim files are taken to cover the whole run, leads from their
    first to their last row, unless the parameters say otherwise.

    Args:
        files: Paths by kind; each kind may have several.
        parameters: Period, zone and rules of the run.
        out: Folder for `rows.csv` (one line per row in scope), `nearest.csv` (what came nearest to
            a left-over row, in words), `bridge.csv` (the finest groups), `summary.json`, and
            `rejected.csv` (rows that could not be read). Made if absent.
        matched: Write matched rows, too.
        memory_limit: What the engine may use, such as "512MB"; else RECONCILE_MEMORY, else half of
            the machine's.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        BadFile, BadMapping, BadSettings, BadParameters: An input or the folder cannot be used;
            nothing is written.
        QuestionOpen: Only a person can answer, for example what a status word means.
    """
    if not files.claims and not files.leads:
        raise BadParameters(
            "There is nothing to compare the events with. Give a buyer report (--claims), or a "
            "lead export whose sold leads are the claims (--leads)."
        )
    _check_folder(out, files)
    with tempfile.TemporaryDirectory(prefix="reconcile-") as spill:
        engine = Engine(memory_limit=memory_limit, temp_dir=Path(spill))
        try:
            return _compare(engine, files, parameters, _Output(out, matched), progress)
        finally:
            engine.close()


def _check_folder(out: Path, files: CompareFiles) -> None:
    """Refuse a folder that cannot be written to, before anything is read."""
    there = next(path for path in (out.absolute(), *out.absolute().parents) if _exists(path))
    if not there.is_dir():
        raise BadParameters(f"--out {out}: {there} is a file. Name a folder; it is made if absent.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise BadParameters(
            f"--out {out}: nothing may be written to {there}. Name another folder, or ask for the "
            "right to write to this one."
        )
    inputs = (*files.events, *files.claims, *files.leads, *files.mappings, files.settings)
    read = {path.resolve() for path in inputs if path is not None}
    for path in (out / name for name in WRITTEN):
        if path.is_dir():
            raise BadParameters(f"--out {out}: {path} is a folder. Name another folder.")
        if path.resolve() in read:
            raise BadParameters(
                f"--out {out}: {path} is one of the files to read, and would be written over. "
                "Name another folder."
            )


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        return False  # a parent is a file: the walk upwards meets it
    except OSError as error:
        raise BadParameters(
            f"--out {path}: cannot be used ({error.strerror}). Name another folder."
        ) from error
    return True


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
    checked = list(_stage_all(engine, files, parameters, progress))
    staged = [one for one, _ in checked]
    gather(engine, staged)
    progress("reconciling")
    inputs = Inputs(
        sources=[_source(one, parameters) for one in staged],
        settings=settings,
        lead_covers=_lead_covers(engine, parameters),
        event_covers=_whole_run(parameters.event_cover, parameters),
        claim_covers=_whole_run(parameters.claim_cover, parameters),
    )
    leads_are_claims = not files.claims
    rows = sum(one.rows for one in staged)
    work = Work(leads_are_claims, output.matched, ranges=ranges_for(rows, engine.memory_limit))
    tally = reconcile_tables(engine, parameters, inputs, work)
    summary = summarise(engine, parameters, tally)
    if leads_are_claims:
        summary["unsold_leads"] = {
            word or "": rows for word, rows in sorted(engine.query("matching/unsold_lead"), key=str)
        }
    summary["work"] = {"ranges": work.ranges}
    summary["files"] = [_file_entry(one, doubts) for one, doubts in checked]
    progress("looking for what came nearest to the left-overs")
    find_nearest(engine, parameters, "row_in_scope")
    progress("writing")
    _write(engine, summary, output)
    rejected = sum(one.rejected for one in staged)
    return Comparison(summary, tally.findings, rejected, output.folder)


def _stage_all(
    engine: Engine, files: CompareFiles, parameters: RunParameters, progress: Progress
) -> Iterable[tuple[StagedFile, list[Check]]]:
    """Stage each file and check it as an import does; yield it with what is doubtful in it.

    Raises:
        BadFile, QuestionOpen: As `stage`; or its own total or its clock does not fit its rows.
    """
    empty_tables(engine)
    mappings = [load_mapping(path) for path in files.mappings]
    _check_mappings(mappings)
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
            to_keep=False,
            folder=_folder(engine, number),
        )
        staged = stage(engine, path, kind=kind, options=options)
        checks = check_compared(engine, staged, path=path)
        ask_unfit(staged, checks)
        yield staged, [check for check in checks if check.level is Level.DOUBT]


def _folder(engine: Engine, number: int) -> Path | None:
    """Return where the rows of a large file are written; they need no memory there."""
    if engine.temp_dir is None:
        return None
    folder = engine.temp_dir / f"file-{number}"
    folder.mkdir()
    return folder


def _check_mappings(mappings: Sequence[Mapping]) -> None:
    """Refuse a second mapping for the files of a kind: nobody could say which file it is for."""
    for kind in Kind:
        named = [mapping.name for mapping in mappings if mapping.kind in (kind, None)]
        if len(named) > 1:
            raise BadMapping(
                f"{' and '.join(named)} would both be for the {kind} files. State their kind in "
                'them (kind = "claim"), or import each file with its own mapping and use '
                "`reconcile run`."
            )


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
        buyers=tuple(staged.buyers),
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


def _file_entry(staged: StagedFile, doubts: Sequence[Check]) -> dict[str, object]:
    return {
        "file": staged.name,
        "kind": str(staged.kind),
        "sha256": staged.sha256,
        "encoding": staged.encoding,
        "zone": staged.zone,
        "rows": staged.rows,
        "rejected": staged.rejected,
        "lines": staged.line_classes,
        "doubts": [{"check": doubt.name, "text": doubt.text} for doubt in doubts],
    }


def _write(engine: Engine, summary: Summary, output: _Output) -> None:
    """Write all files aside first, so that a folder never holds half an answer."""
    if output.matched:
        add_matched_rows(engine)
    try:
        output.folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=output.folder))
    except OSError as error:
        raise BadParameters(
            f"--out {output.folder}: cannot be written to ({error.strerror}). Name another folder."
        ) from error
    try:
        matched = output.matched
        engine.write_csv(aside / "rows.csv", "matching/row_out", guard=True, with_matched=matched)
        engine.write_csv(aside / "nearest.csv", "nearest/nearest_out", guard=True)
        engine.write_csv(aside / "bridge.csv", "matching/bridge_out", guard=True)
        engine.write_csv(aside / "rejected.csv", "matching/rejected_out", guard=True)
        text = json.dumps(summary, indent=2, ensure_ascii=False)
        (aside / "summary.json").write_text(text + "\n", encoding="utf-8")
        for path in sorted(aside.iterdir()):
            path.replace(output.folder / path.name)
    finally:
        shutil.rmtree(aside)
