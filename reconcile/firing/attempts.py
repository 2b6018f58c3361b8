"""One attempt at a postback: taken before it is sent, settled by what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.errors import FiringError
from reconcile.firing.policy import Verdict
from reconcile.firing.states import Mode, PostbackState, Reason

_KEPT_ANSWER = 2048


@dataclass(frozen=True)
class Taken:
    """A postback this run has taken: it is `sending` until it is settled."""

    intent: int
    attempt: int
    run: int
    plan: int
    campaign_id: str
    pid: str | None
    path: str
    body: bytes
    mode: Mode
    earlier: tuple[Reason, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; `next_at` (seconds since 1970) is when it may be sent again."""

    verdict: Verdict
    next_at: float | None = None
    status: int | None = None
    answer: bytes | None = None


Settled = tuple[int, int, int, Outcome]
"""Postback, attempt, the run that took it, and what became of it."""


def lost(intent: int) -> FiringError:
    """Return the error of a postback that another process has settled meanwhile."""
    return FiringError(
        f"postback {intent} was settled by another process, so this one has stopped.\n"
        "Was the ledger's lock file deleted? Let one process fire, and start it again."
    )


def settled_rows(many: Sequence[Settled]) -> tuple[str, bytes]:
    """Return what settled attempts are kept with: a JSON list of rows, and their answers.

    The form is told by `sql/firing/intent_settle.sql`; texts are exact, for SQLite.
    """
    rows, answers, size = [], [], 0
    for intent, attempt, run, outcome in many:
        state, reason, _ = outcome.verdict
        next_at = outcome.next_at if state is PostbackState.RETRYABLE else None
        row = [intent, attempt, run, state, reason, next_at, outcome.status, None, None]
        if outcome.answer is not None:
            kept = outcome.answer[:_KEPT_ANSWER]
            row[-2:] = size + 1, len(kept)
            answers.append(kept)
            size += len(kept)
        rows.append(row)
    return json.dumps(rows), b"".join(answers)
