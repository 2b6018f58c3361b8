"""What is known of earlier closes, and what became of their findings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from reconcile.changes import FindingChanges, finding_changes
from reconcile.changes.findings import question_of
from reconcile.errors import NotFound
from reconcile.matching.parameters import RunParameters, parameters_of
from reconcile.running import run
from reconcile.showing import moment
from reconcile.warehouse import RunRecord, Store
from reconcile.warehouse.records import as_text, as_time

_DATED = ("date_from", "date_to", "watermark")
"""What differs between the same question of two months."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class CloseRecord:
    """A close: its run, its period, and what else was asked, as a text that closes share."""

    run: str
    date_from: str
    date_to: str
    asked: str
    closed_at: str


@dataclass(frozen=True)
class Question:
    """What is closed: the parameters of the run, and against what."""

    parameters: RunParameters
    leads_are_claims: bool

    @property
    def text(self) -> str:
        """Return what two months of it share."""
        values = self.parameters.to_json_values()
        left_out = (*_DATED, "alias")
        kept = {name: value for name, value in values.items() if name not in left_out}
        return json.dumps([kept, self.leads_are_claims], sort_keys=True)


@dataclass(frozen=True)
class Compared:
    """What became of findings since another run; `title` says which, in a sentence."""

    title: str
    changes: FindingChanges


def since_last_run(store: Store, record: RunRecord) -> Compared | None:
    """Compare a run with the one before it that was asked the same; None if it is the first."""
    question = question_of(record)
    older = (r for r in store.runs() if (r.created_at, r.id) < (record.created_at, record.id))
    last = next((run for run in older if question_of(run) == question), None)
    if last is None:
        return None
    zone = json.loads(record.params_json)["parameters"]["zone"]
    title = f"Since the last run of this period, of {moment(last.created_at, zone)}"
    return Compared(title, finding_changes(store, last.id, record.id))


def since_last_close(
    store: Store,
    before: CloseRecord,
    question: Question,
    *,
    memory_limit: str | None,
    progress: Progress,
) -> Compared:
    """Compare the run of an earlier close with what the same question says now."""
    asked = json.loads(store.run(before.run).params_json)
    then = parameters_of(asked["parameters"])
    dated = {name: getattr(then, name) for name in _DATED}
    now = run(
        store,
        replace(question.parameters, **dated),
        leads_are_claims=question.leads_are_claims,
        reuse=True,
        memory_limit=memory_limit,
        progress=progress,
    )
    made = moment(as_time(before.closed_at), then.zone)
    title = f"Of the close of {before.date_from} to {before.date_to}, made on {made}"
    return Compared(title, finding_changes(store, before.run, now.id))


def close_before(store: Store, question: Question) -> CloseRecord | None:
    """Return the close of the period before, of the same buyers, campaigns and rules."""
    first = str(question.parameters.date_from)
    found = [
        one
        for one in _records(store)
        if one.asked == question.text and one.date_from < first and _is_there(store, one)
    ]
    return max(found, key=lambda one: (one.date_to, one.closed_at), default=None)


def remember(store: Store, record: RunRecord, question: Question) -> None:
    """Keep that a run closes its period; a later close of the same period takes its place."""
    mine = CloseRecord(
        run=record.id,
        date_from=str(question.parameters.date_from),
        date_to=str(question.parameters.date_to),
        asked=question.text,
        closed_at=str(as_text(record.created_at)),
    )
    period = f"{mine.date_from}_{mine.date_to}"
    name = f"{period}_{hashlib.sha256(mine.asked.encode()).hexdigest()[:12]}.json"
    folder = _folder(store)
    folder.mkdir(exist_ok=True)
    with NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        file.write(json.dumps(asdict(mine), indent=2) + "\n")
    Path(file.name).replace(folder / name)


def _records(store: Store) -> list[CloseRecord]:
    paths = sorted(_folder(store).glob("*.json"))
    return [CloseRecord(**json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _is_there(store: Store, one: CloseRecord) -> bool:
    try:
        store.run(one.run)
    except NotFound:
        return False
    return True


def _folder(store: Store) -> Path:
    return store.home / "closes"
