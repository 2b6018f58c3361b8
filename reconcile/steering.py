"""What a person does about firing beside it: stop, pause, go on, let it run by itself, prove it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from reconcile.errors import FiringError
from reconcile.firing import Ledger, PostbackState
from reconcile.firing.receipts import write_receipt
from reconcile.ledgers import ledger_of, ledgers_of
from reconcile.state import doctor
from reconcile.warehouse import Store

_SHOWN = 200
_LINES = 12


def pause(store: Store, *, host: str | None = None) -> None:
    """Let firing wait before its next postback, until `resume`."""
    with ledger_of(store, host) as (ledger, _):
        ledger.switch("pause", "on")


def stop(store: Store, *, host: str | None = None) -> None:
    """End firing before its next postback; it starts again only after `resume`."""
    with ledger_of(store, host) as (ledger, _):
        ledger.switch("stop", "on")


def resume(store: Store, *, host: str | None = None) -> bool:
    """Take back pause and stop; say whether firing is still held by a STOP file."""
    with ledger_of(store, host) as (ledger, _):
        for name in ("pause", "stop"):
            ledger.switch(name, "off")
        return ledger.stop_file.exists()


@dataclass(frozen=True)
class Detached:
    """A firing process of its own."""

    process: int
    log: Path
    """Where what it prints goes."""


def fire_detached(store: Store, plan_id: int, *, host: str | None, options: list[str]) -> Detached:
    """Fire in a process of its own, which goes on when this one, or the dashboard, ends.

    Args:
        store: The warehouse.
        plan_id: An approved plan.
        host: Which ledger the plan is in.
        options: Further options of `reconcile fire`.

    Raises:
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, settings):
        ledger.plan_row(plan_id)
        log = _log_of(ledger, plan_id)
        target = ["--host", host or settings.host]
    # What the platform answers may repeat what it knows of a lead: that stays out of the log.
    quiet = ["--no-answers"]
    command = [sys.executable, "-m", "reconcile", "fire", str(plan_id), *target, *options, *quiet]
    home = {"RECONCILE_HOME": str(store.home.resolve())}
    with open(log, "a", encoding="utf-8", opener=_private) as out:
        process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **home},
            start_new_session=True,
        )
    # Whoever started it may go on for weeks: without this the ended one would stay a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return Detached(process.pid, log)


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner may read, also where it was there before."""
    descriptor = os.open(path, flags, 0o600)
    Path(path).chmod(0o600)
    return descriptor


def detached_said(store: Store, plan_id: int, *, host: str | None = None) -> str:
    """Return what the processes that fired a plan by themselves have said last; blank for nothing.

    Why one of them refused to fire, or ended, stands there alone.
    """
    with ledger_of(store, host) as (ledger, _):
        log = _log_of(ledger, plan_id)
    if not log.is_file():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES:])


def _log_of(ledger: Ledger, plan_id: int) -> Path:
    return ledger.path.with_name(f"fire-{plan_id}.log")


@dataclass(frozen=True)
class KnownPlan:
    """A plan that was made, as lists show it; `read_plan` reads it whole."""

    id: int
    host: str
    made_at: str
    made_by: str
    approved_at: str | None
    rows: int


def known_plans(store: Store) -> list[KnownPlan]:
    """Return the plans of all ledgers, newest first; numbers of two ledgers may be the same."""
    names = ("id", "host", "made_at", "made_by", "approved_at", "rows")
    with ledgers_of(store) as ledgers:
        found = [row for ledger in ledgers for row in ledger.query("plan_list")]
    made = [KnownPlan(**{name: row[name] for name in names}) for row in found]
    return sorted(made, key=lambda one: one.made_at, reverse=True)


def plan_progress(
    store: Store, plan_id: int, *, host: str | None = None
) -> dict[PostbackState, int]:
    """Count the postbacks of a plan by state; states that none is in are left out.

    Raises:
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, _):
        ledger.plan_row(plan_id)
        found = ledger.query("state_count", plan=plan_id)
        return {PostbackState(row["state"]): row["rows"] for row in found}


def answers(
    store: Store, plan_id: int, *, host: str | None = None, newest: int | None = None
) -> list[dict[str, object]]:
    """Return the attempts of a plan, oldest first: state, reason, status and the answer's text.

    Args:
        store: The warehouse.
        plan_id: A plan.
        host: Which ledger the plan is in.
        newest: Only the last so many; all by default.

    Raises:
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, _):
        ledger.plan_row(plan_id)
        return [
            {
                "transaction_id": row["transaction_id"],
                "event": row["event_id"],
                "state": row["state"],
                "reason": row["reason"],
                "http": row["status"],
                "answer": (row["answer"] or b"").decode(errors="replace")[:_SHOWN],
            }
            for row in reversed(
                ledger.query("attempt_newest", plan=plan_id, count=-1 if newest is None else newest)
            )
        ]


def receipt(store: Store, plan_id: int, path: Path, *, host: str | None = None) -> str:
    """Write what a plan came to as a CSV or XLSX file; return the head of the audit in it.

    Raises:
        FiringError: The file is of another kind, or cannot be written.
        NotFound: There is no such plan.
    """
    with ledger_of(store, host) as (ledger, _):
        return write_receipt(ledger, plan_id, path)


@dataclass(frozen=True)
class Chain:
    """What the chain of one ledger says."""

    ledger: Path
    links: int
    head: str


def audit_chains(store: Store, *, head: str | None = None) -> list[Chain]:
    """Check the chains of all ledgers, link by link, and that one holds a head noted before.

    Raises:
        FiringError: A link does not fit the one before it, or no chain holds that head: the ledger
            was changed by other means than these commands.
    """
    chains, is_there = [], head is None
    with ledgers_of(store) as ledgers:
        for ledger in ledgers:
            broken = ledger.audit_break()
            if broken is not None:
                raise FiringError(
                    f"{ledger.path}: entry {broken} of the audit does not fit the one before it. "
                    "The ledger was changed by other means; compare it with a copy and receipts."
                )
            is_there = is_there or ledger.audit_has(head or "")
            chains.append(Chain(ledger.path, ledger.audit_length(), ledger.audit_head()))
    if not is_there:
        raise FiringError(
            f"no chain holds the head {head}. Either it was mistyped, or the ledger was built anew "
            "since it was noted; compare it with a copy and receipts."
        )
    return chains


def examine(store: Store) -> list[str]:
    """Say in sentences what endangers the warehouse and its ledgers; an empty list is good news."""
    found = store.doctor()
    with ledgers_of(store) as ledgers:
        for ledger in ledgers:
            found += [text for text in doctor(ledger.path) if text not in found]
            broken = ledger.audit_break()
            if broken is not None:
                found.append(f"{ledger.path}: the audit breaks at entry {broken}.")
            if ledger.stop_file.exists():
                found.append(f"{ledger.stop_file} is there: nothing is fired until it is deleted.")
    return found
