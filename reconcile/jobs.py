"""Long work in a process of its own, so that it goes on when the page that began it is gone.

A job is a folder, `jobs/<id>` in that of the warehouse, which anybody may read meanwhile:

    asked.json     what is to be done, and by whom
    progress.json  how far it is, written anew a few times a second
    outcome.json   what came of it
    log            what the process printed, where it broke down
    process        its number, by which it is stopped
    lock           held as long as the process lives

What is at work already is not begun a second time: who asks is given the job that does it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from threading import Thread
from time import monotonic, sleep
from typing import Any

from filelock import Timeout

from reconcile.correcting import verify
from reconcile.decisions import this_user
from reconcile.demo import load_sample
from reconcile.errors import NotFound, ReconcileError, WarehouseError
from reconcile.importing import import_file, remap
from reconcile.importing.checking.checked import Check, Level
from reconcile.ledgers import ledgers_of
from reconcile.matching.parameters import parameters_of
from reconcile.running import run
from reconcile.state import new_lock
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store
from reconcile.warehouse.records import as_text, as_time, new_id, now_utc

Values = Mapping[str, Any]

KEPT = 200
"""Jobs that are kept on record."""

_STEP = 0.2
_LOCK = 30
_STOPS = 60
_STARTS = timedelta(seconds=60)
_LOG = 2000


@dataclass(frozen=True)
class Job:
    """A job as it stands; times are naive UTC."""

    id: str
    what: str
    """`import`, `remap`, `run` or `sample`."""
    arguments: Values
    user: str
    started_at: datetime
    text: str
    """What it is doing; of one that failed, why."""
    done: int
    total: int
    """Bytes of the file that were read, and its size; 0 where nobody knows."""
    outcome: Values | None
    """What came of it: `ok`, and the `batch` or `run` that was made; None while it works."""

    @property
    def is_running(self) -> bool:
        """Say whether it is still at work."""
        return self.outcome is None

    @property
    def state(self) -> str:
        """Say where it stands, in a word."""
        said = self.outcome or {"at work": True}
        words = {"at work": "at work", "ok": "done", "stopped": "stopped"}
        return next((word for name, word in words.items() if said.get(name)), "failed")


def about(one: Job) -> str:
    """Name the file, the batch or the days that a job is about."""
    given = one.arguments
    if "date_from" in given:
        return f"{given['date_from']} up to {given['date_to']}"
    return PurePath(str(given.get("path") or given.get("batch") or "")).name


def start_import(  # noqa: PLR0913 - each is an argument of `import_file`
    store: Store,
    path: Path,
    *,
    kind: Kind,
    answers: tuple[str, ...] = (),
    sender: str | None = None,
    exported_at: datetime | None = None,
) -> Job:
    """Import a file in a process of its own; see `import_file`."""
    given = {"path": str(path), "kind": kind, "answers": list(answers), "sender": sender}
    return _start(store, "import", {**given, "exported_at": as_text(exported_at)})


def start_remap(store: Store, batch_id: str, *, answers: tuple[str, ...]) -> Job:
    """Type a batch again in a process of its own; see `remap`."""
    return _start(store, "remap", {"batch": batch_id, "answers": list(answers)})


def start_run(store: Store, parameters: Values) -> Job:
    """Reconcile in a process of its own; `parameters` are those of `RunParameters`, as JSON.

    Raises:
        BadParameters, UnknownZone: They do not make sense; nothing was started.
    """
    return _start(store, "run", parameters_of(parameters, "the form").to_json_values())


def start_sample(store: Store) -> Job:
    """Load the sample and reconcile it in a process of its own; see `load_sample`."""
    return _start(store, "sample", {})


def job(store: Store, job_id: str) -> Job:
    """Return a job as it stands.

    Raises:
        NotFound: There is no such job, or it is no longer on record.
    """
    folder = _folder(store) / job_id
    if not _is_there(folder, job_id):
        raise NotFound(f"There is no job {job_id}; the {KEPT} newest are on record.")
    asked = _read(folder / "asked.json") or {}
    # The outcome is looked for last but one: a job that ends meanwhile has written it by then.
    is_alive = _is_alive(folder, as_time(asked["started_at"]) or now_utc())
    outcome = _read(folder / "outcome.json")
    if outcome is None and not is_alive:
        outcome = {"ok": False, "text": _broke_down(folder)}
    progress = _read(folder / "progress.json") or {}
    return Job(
        id=job_id,
        what=asked["what"],
        arguments=asked["arguments"],
        user=asked["user"],
        started_at=as_time(asked["started_at"]) or now_utc(),
        text=(outcome or progress).get("text", "starting"),
        done=progress.get("done", 0),
        total=progress.get("total", 0),
        outcome=outcome,
    )


def known_jobs(store: Store) -> list[Job]:
    """Return the jobs on record, the newest first."""
    folders = sorted((p.parent for p in _folder(store).glob("*/asked.json")), reverse=True)
    return [job(store, one.name) for one in folders]


def jobs_at_work(store: Store) -> list[Job]:
    """Return the jobs that have not ended, the oldest first."""
    folders = sorted(path.parent for path in _folder(store).glob("*/asked.json"))
    unended = [one for one in folders if not (one / "outcome.json").is_file()]
    return [found for one in unended if (found := job(store, one.name)).is_running]


def stop_job(store: Store, job_id: str, *, user: str | None = None) -> Job:
    """Stop a job at once, and return it as it stands; one that has ended stays as it ended.

    What it has stored stays; of what it was at, nothing is kept.

    Raises:
        NotFound: There is no such job.
        WarehouseError: Its process does not end.
    """
    folder = _folder(store) / job_id
    was_running = job(store, job_id).is_running
    deadline = monotonic() + _STOPS
    while job(store, job_id).is_running:
        if monotonic() > deadline:
            raise WarehouseError(f"Job {job_id} does not end. End its process yourself.")
        _kill(folder)
        sleep(_STEP)
    if was_running and not (folder / "outcome.json").is_file():
        text = f"Stopped by {user or this_user()}. What it had stored before stays."
        said = {"ok": False, "stopped": True, "text": text, "ended_at": as_text(now_utc())}
        _write(folder / "outcome.json", said)
    return job(store, job_id)


def _kill(folder: Path) -> None:
    """End the process of a job, and those that it began; one that is only starting is waited for.

    A job may be killed at any point: what it was at is seen by nobody, and swept later.
    """
    with suppress(FileNotFoundError, ProcessLookupError):
        number = int((folder / "process").read_text(encoding="ascii") or 0)
        if number:
            os.killpg(os.getpgid(number), signal.SIGKILL)


def work(store: Store, job_id: str) -> Values:
    """Do a job to its end, here, and return what came of it; every failure is an outcome, too."""
    folder = _folder(store) / job_id
    asked = _read(folder / "asked.json") or {}
    told = _Told(folder)
    lock = new_lock(folder / "lock", timeout=5)
    with lock:
        (folder / "process").write_text(str(os.getpid()), encoding="ascii")
        try:
            outcome = {"ok": True, **_WAYS[asked["what"]](store, asked["arguments"], told)}
        except ReconcileError as error:
            outcome = {"ok": False, "text": str(error)}
        except Exception as error:  # the page that waits must learn of it, whatever it was
            traceback.print_exc()
            outcome = {"ok": False, "text": f"{type(error).__name__}: {error}"}
        outcome["ended_at"] = as_text(now_utc())
        _write(folder / "outcome.json", outcome)
    return outcome


class _Told:
    """What a job says of its progress, kept a few times a second at most."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "progress.json"
        self._next = 0.0

    def read(self, done: int, total: int) -> None:
        """Say how many bytes are read."""
        if done >= total or monotonic() >= self._next:
            self._say({"text": "reading" if done < total else "checking", "done": done}, total)

    def stage(self, text: str) -> None:
        """Say what is begun."""
        self._say({"text": text}, 0)

    def _say(self, told: dict[str, object], total: int) -> None:
        self._next = monotonic() + _STEP
        _write(self._path, {**told, "total": total})


def _import(store: Store, given: Values, told: _Told) -> Values:
    outcome = import_file(
        store,
        given["path"],
        kind=Kind(given["kind"]),
        answers=given["answers"],
        sender=given["sender"],
        exported_at=as_time(given["exported_at"]),
        user=this_user(),
        progress=told.read,
    )
    proved = _proved(store) if given["kind"] == Kind.EVENT else {}
    return {
        "batch": outcome.batch.id,
        "already": outcome.already,
        "template": outcome.template,
        "doubts": _doubts(outcome.checks),
        "proved": proved,
    }


def _proved(store: Store) -> dict[str, int]:
    """Settle postbacks against an event export that has just come, if there are any."""
    with ledgers_of(store) as ledgers:
        is_any = bool(ledgers)
    return {str(state): count for state, count in verify(store).items()} if is_any else {}


def _remap(store: Store, given: Values, told: _Told) -> Values:
    done = remap(
        store, given["batch"], answers=given["answers"], user=this_user(), progress=told.read
    )
    return {"batch": done.batch.id, "template": done.template, "doubts": _doubts(done.checks)}


def _run(store: Store, given: Values, told: _Told) -> Values:
    done = run(store, parameters_of(given, "the job"), progress=told.stage)
    return {"run": done.id, "findings": done.findings}


def _sample(store: Store, _: Values, told: _Told) -> Values:
    done = load_sample(store, progress=told.stage)
    return {"run": done.id, "findings": done.findings}


_WAYS: dict[str, Callable[[Store, Values, _Told], Values]] = {
    "import": _import,
    "remap": _remap,
    "run": _run,
    "sample": _sample,
}


def _doubts(checks: tuple[Check, ...]) -> list[str]:
    return [check.text for check in checks if check.level is Level.DOUBT]


def _is_there(folder: Path, job_id: str) -> bool:
    try:
        return Path(job_id).name == job_id and (folder / "asked.json").is_file()
    except OSError:  # no name that a folder can have
        return False


def _start(store: Store, what: str, arguments: Values) -> Job:
    """Start a job, unless it is at work already: a click may come twice, or from two pages."""
    _folder(store).mkdir(exist_ok=True)
    asked = {"what": what, "arguments": json.loads(_json(arguments))}
    with new_lock(_folder(store) / "start.lock", timeout=_LOCK):
        same = [
            one
            for one in jobs_at_work(store)
            if {"what": one.what, "arguments": one.arguments} == asked
        ]
        return same[0] if same else _begun(store, asked)


def _begun(store: Store, asked: Values) -> Job:
    job_id = new_id()
    folder = _folder(store) / job_id
    folder.mkdir()
    own = {**asked, "user": this_user(), "started_at": as_text(now_utc())}
    _write(folder / "asked.json", own)
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
            [sys.executable, "-m", "reconcile.jobs", str(store.home), job_id],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # Whoever started it may go on for weeks: without this the ended one would stay a zombie.
    Thread(target=process.wait, daemon=True).start()
    _forget_old(store)
    return job(store, job_id)


def _forget_old(store: Store) -> None:
    folders = sorted(path for path in _folder(store).iterdir() if path.is_dir())
    for folder in folders[:-KEPT]:
        if (folder / "outcome.json").is_file():
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(folder: Path, started_at: datetime) -> bool:
    """Say whether the process of a job lives: it holds the lock, or has not come so far yet."""
    path = folder / "lock"
    if not path.exists():
        return now_utc() - started_at < _STARTS
    try:
        with new_lock(path, timeout=0):
            return False
    except Timeout:
        return True


def _broke_down(folder: Path) -> str:
    log = folder / "log"
    said = log.read_text(encoding="utf-8", errors="replace")[-_LOG:] if log.is_file() else ""
    return f"The process ended without a word. Start it again. {said}".strip()


def _folder(store: Store) -> Path:
    return store.home / "jobs"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _json(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False, default=str)


def _write(path: Path, values: Values) -> None:
    """Write a file whole or not at all: others read it meanwhile."""
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(_json(values), encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    with open_store(Path(sys.argv[1])) as own:
        sys.exit(0 if work(own, sys.argv[2])["ok"] else 1)
