"""One call for a schedule: import an inbox, reconcile a period, write what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import Timeout

from reconcile.changes.findings import ALL
from reconcile.closing.before import (
    Compared,
    Question,
    close_before,
    remember,
    since_last_close,
    since_last_run,
)
from reconcile.closing.inbox import Became, InboxFile, check_inbox, take_inbox
from reconcile.closing.writing import (
    check_out,
    put_in_place,
    write_csv,
    write_json,
    write_manifest,
)
from reconcile.correcting import verify
from reconcile.covering import not_covered, sources
from reconcile.errors import AlreadyClosing, BadFile, QuestionOpen
from reconcile.filtering import LARGEST, Record, finding_tables, order_values
from reconcile.matching.parameters import RunParameters
from reconcile.reading import DIMENSIONS, bridge
from reconcile.reporting import Since, report
from reconcile.running import run
from reconcile.state import new_lock
from reconcile.terms import Kind
from reconcile.unmatched import view_nearest
from reconcile.warehouse import RunRecord, Store

Progress = Callable[[str], None]

FINDING_COLUMNS = (
    *("ref", "class", "reason", "flags", "side", "transaction_id", "event_id", "buyer"),
    *("campaign_id", "day", "currency", "at_stake", "other_at_stake", "other_currency"),
    *("bridge", "revenue", "status", "rule"),
    *("occurred_at", "file", "line", "partner_file", "partner_line", "rival_file"),
    *("rival_line", "finding", "state", "stale", "credited", "credited_in"),
    *("other_credited", "other_credited_in", "assignee", "note", "decided_by"),
    *("decided_at", "decided_reason", "postback", "nearest", "nearest_ref"),
)
BRIDGE_COLUMNS = ("currency", "buyer", "campaign_id", "day", "bucket", "amount")
SOURCE_COLUMNS = (
    *("kind", "sender", "name", "rows", "first_at", "last_at", "exported_at", "imported_at"),
)
SINCE_COLUMNS = (
    *("compared", "since", "state", "class", "reason", "buyer", "campaign_id"),
    *("transaction_id", "event_id", "day", "currency", "at_stake_before", "at_stake"),
    *("other_currency", "other_at_stake_before", "other_at_stake"),
    *("file", "line", "ref"),
)
_PAGE = 50_000
"""Findings that are held at a time."""


@dataclass(frozen=True)
class Closed:
    """A closed period: its run, what became of the files, and what was written where.

    `warnings` say what of the period is not covered; `sources` are those of `covering.sources`.
    """

    run: RunRecord
    files: tuple[InboxFile, ...]
    warnings: tuple[str, ...]
    sources: tuple[Record, ...]
    since: tuple[Compared, ...]
    verified: Mapping[str, int]
    out: Path
    written: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Return 2 if a file was refused, 4 if one asks, 1 if there are findings, else 0."""
        became = {file.became for file in self.files}
        if Became.REFUSED in became:
            return BadFile.exit_code
        if Became.ASKS in became:
            return QuestionOpen.exit_code
        return 1 if self.run.finding_count else 0


def close(  # noqa: PLR0913 - each is an option of the command, and has its default
    store: Store,
    inbox: Path,
    parameters: RunParameters,
    out: Path,
    *,
    leads_are_claims: bool | None = None,
    memory_limit: str | None = None,
    on_file: Callable[[InboxFile], None] = lambda _: None,
    progress: Progress = lambda _: None,
) -> Closed:
    """Import what an inbox holds, reconcile a period, and write report, tables and summary.

    Called again with nothing new it imports nothing, makes no run, and writes the same files; only
    the manifest says when.

    Args:
        store: The warehouse.
        inbox: Folder of files; which kind they are is told by their templates, or by the folders
            `leads`, `events` and `claims` in it.
        parameters: Period, zone and rules of the run.
        out: Folder for `report.html`, `findings.csv`, `bridge.csv`, `since.csv`, `sources.csv`,
            `summary.json` and `manifest.json`; all or none.
        leads_are_claims: As in `run`.
        memory_limit: As in `run`.
        on_file: Called with each file of the inbox once it is known what became of it.
        progress: Called with a sentence whenever a stage begins.

    Raises:
        AlreadyClosing: Another process closes a month of this warehouse.
        BadParameters: A folder cannot be used, or nothing is loaded to reconcile.
        QuestionOpen: A status word that nobody has translated; what could be imported is.
    """
    check_inbox(inbox, out)
    check_out(out, _period(parameters))
    with _alone(store):
        files = []
        progress("importing")
        for file in take_inbox(store, inbox):
            on_file(file)
            files.append(file)
        verified = _settle(store, files)
        if leads_are_claims is None:
            leads_are_claims = not store.batches(Kind.CLAIM)
        question = Question(parameters, leads_are_claims)
        made = _reconciled(store, question, memory_limit, progress)
        record = store.run(made.run)
        compared = [one for one in (since_last_run(store, record), made.before) if one]
        closed = Closed(
            run=record,
            files=tuple(files),
            warnings=tuple(not_covered(store, record.id)),
            sources=tuple(sources(store, record.id)),
            since=tuple(compared),
            verified=verified,
            out=out,
            written=(),
        )
        progress("writing")
        written = _write(store, closed, parameters)
        remember(store, record, question)
    return replace(closed, written=written)


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    lock = new_lock(store.home / "close.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AlreadyClosing(
            f"{store.home}: another process closes a month of this warehouse right now. "
            "Wait until it is done; nothing was done here."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _settle(store: Store, files: Sequence[InboxFile]) -> dict[str, int]:
    """Compare sent postbacks with new event exports, which are what proves them."""
    new = any(f.became is Became.IMPORTED and f.kind is Kind.EVENT for f in files)
    ledgers = (store.home / "sandbox" / "ledger.sqlite", store.ledger_path)
    if not new or not any(path.is_file() for path in ledgers):
        return {}
    return {str(state): count for state, count in verify(store).items()}


@dataclass(frozen=True)
class _Made:
    """The run of the period, and what became of the findings of the close before it."""

    run: str
    before: Compared | None


def _reconciled(
    store: Store, question: Question, memory_limit: str | None, progress: Progress
) -> _Made:
    """Make the runs that are not there yet; that of the period comes last, and is the newest."""
    earlier = close_before(store, question)
    before = None
    if earlier is not None:
        before = since_last_close(
            store, earlier, question, memory_limit=memory_limit, progress=progress
        )
    done = run(
        store,
        question.parameters,
        leads_are_claims=question.leads_are_claims,
        reuse=True,
        memory_limit=memory_limit,
        progress=progress,
    )
    return _Made(done.id, before)


def _period(parameters: RunParameters) -> list[str]:
    return [str(parameters.date_from), str(parameters.date_to), parameters.zone]


def _write(store: Store, closed: Closed, parameters: RunParameters) -> tuple[str, ...]:
    """Write all files; return their names."""
    run_id = closed.run.id
    page = [Since(one.title, one.changes.totals) for one in closed.since]
    with put_in_place(closed.out) as aside:
        text = report(store, run_id, since=page, left_out=[*_left_out(closed.files)])
        (aside / "report.html").write_text(text, encoding="utf-8")
        write_csv(aside / "findings.csv", FINDING_COLUMNS, _findings(store, run_id))
        rows = bridge(store, run_id, by=DIMENSIONS)
        write_csv(aside / "bridge.csv", BRIDGE_COLUMNS, rows)
        write_csv(aside / "since.csv", SINCE_COLUMNS, _since(closed.since))
        write_csv(aside / "sources.csv", SOURCE_COLUMNS, closed.sources)
        write_json(aside / "summary.json", _summary(closed))
        write_manifest(aside, _said(closed, parameters))
        return tuple(sorted(path.name for path in aside.iterdir()))


def _left_out(files: Sequence[InboxFile]) -> Iterator[str]:
    """Say of each file that is in no figure why that is."""
    because = {
        Became.ASKS: "asks a question that nobody has answered",
        Became.REFUSED: "cannot be read",
        Became.UNDONE: "was imported before and undone",
    }
    for file in files:
        if file.became in because:
            yield f"{file.name} of the inbox is in no figure: it {because[file.became]}."


def _findings(store: Store, run_id: str) -> Iterator[Record]:
    asked = order_values(LARGEST)
    with finding_tables(store, run_id, kept=True) as engine:
        view_nearest(engine, store, run_id)
        for offset in range(0, ALL, _PAGE):
            engine.table("finding_shown", "reading/finding", **asked, limit=_PAGE, offset=offset)
            rows = engine.records("nearest/finding", **asked)
            yield from rows
            if len(rows) < _PAGE:
                return


def _since(compared: Sequence[Compared]) -> Iterator[Record]:
    for one in compared:
        for row in one.changes.rows:
            yield {"compared": one.title, **row}


def _summary(closed: Closed) -> dict[str, Any]:
    """Return what programs read of a close: the run's figures, and what is around them."""
    figures = json.loads(closed.run.summary_json)
    return {
        "run": closed.run.id,
        "result_sha256": closed.run.result_sha256,
        "not_covered": closed.warnings,
        "not_imported": [
            {"file": file.name, "because": str(file.became), "text": file.text}
            for file in closed.files
            if file.became not in (Became.IMPORTED, Became.LOADED)
        ],
        "since": [
            {
                "compared": one.title,
                "run_before": one.changes.before,
                "run": one.changes.now,
                "findings": one.changes.totals,
            }
            for one in closed.since
        ],
        **{name: value for name, value in figures.items() if name != "work"},
    }


def _said(closed: Closed, parameters: RunParameters) -> dict[str, object]:
    """Return what the manifest says beside the files; only here calls differ from each other."""
    return {
        "period": _period(parameters),
        "run": closed.run.id,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "inbox": [
            {
                "file": file.name,
                "became": str(file.became),
                "batch": file.batch.id if file.batch else None,
                "sha256": file.batch.sha256 if file.batch else None,
            }
            for file in closed.files
        ],
    }
