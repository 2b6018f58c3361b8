"""A staged file against the warehouse: whose it is, which names it brings, and what to doubt.

All of it is asked together, so that a person answers once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from reconcile.importing.checking.checked import Check
from reconcile.importing.checking.checks import ROWS, check_file
from reconcile.importing.checking.overlapping import ask_equal_rows
from reconcile.importing.checking.total_checks import ask_unfit
from reconcile.importing.mapping.naming import (
    NewNames,
    check_names,
    known_events,
    with_known_sender,
)
from reconcile.importing.questions import Choice, Question, asked
from reconcile.importing.records import StagedFile
from reconcile.terms import Kind
from reconcile.warehouse import Batch, Store, glob_free

MOST_EVENTS = 200
"""Events of a file that are looked at; a column of more names something else."""


@dataclass(frozen=True)
class Judged:
    """A staged file, and what is to be known before its rows count."""

    staged: StagedFile
    checks: tuple[Check, ...] = ()
    new_names: tuple[NewNames, ...] = ()
    questions: tuple[Question, ...] = ()
    """Those that are open; each could be answered without the others."""

    @property
    def offers(self) -> tuple[Question, ...]:
        """Return what may be said now, so that no run stops at it later."""
        offers = (check.offer for check in self.checks if check.name == "status")
        return tuple(offer for offer in offers if offer is not None)

    def settled(self) -> Judged:
        """Return it if nothing is open.

        Raises:
            QuestionOpen: Something is.
        """
        if self.questions:
            raise asked(self.staged.name, self.questions, offers=self.offers)
        return self


def judge(
    store: Store,
    engine: Engine,
    staged: StagedFile,
    *,
    path: Path | None,
    own: Batch | None = None,
) -> Judged:
    """Hold the rows of a file against what is loaded.

    Args:
        store: The warehouse.
        engine: Where the staged rows are, unless they lie in the file's parts.
        staged: The file.
        path: The file itself; None if it cannot be read again.
        own: The batch of this very file, which is no other one beside it.

    Raises:
        BadFile: It was answered that the file is not to be imported as it is.
    """
    others = [batch for batch in store.batches() if own is None or batch.id != own.id]
    questions: list[Question] = []
    new_names: tuple[NewNames, ...] = ()
    with _gathered(questions):
        staged = with_known_sender(store, with_sender(staged))
    with _gathered(questions):
        new_names = check_names(store, staged, events=_events(store, engine, staged))
    with _gathered(questions):
        ask_equal_rows(engine, staged, others)
    checks = check_file(engine, staged, others, path=path)
    with _gathered(questions):
        ask_unfit(staged, checks)
    return Judged(staged, checks, new_names, tuple(questions))


def _events(store: Store, engine: Engine, staged: StagedFile) -> list[str]:
    """Return the events that the rows of a file name, where any are known to be held against."""
    if "event_id" not in staged.mapping or not staged.parts or not known_events(store):
        return []
    engine.view_parquet(ROWS, [glob_free(path) for path in staged.parts])
    found = engine.query("importing/event_name", most=MOST_EVENTS)
    engine.drop(ROWS)
    return [name for (name,) in found]


@contextmanager
def _gathered(questions: list[Question]) -> Iterator[None]:
    try:
        yield
    except QuestionOpen as error:
        questions += error.questions


def with_sender(staged: StagedFile) -> StagedFile:
    """Return a report with its sender: its only buyer, if nobody has said whose it is.

    Rows of one sender's overlapping reports count once, so that two buyers must never be taken
    for one.

    Raises:
        QuestionOpen: It names several buyers, or none.
    """
    if staged.kind is not Kind.CLAIM or staged.sender is not None:
        return staged
    if len(staged.buyers) != 1:
        raise asked(staged.name, [_whose(staged.buyers)])
    return replace(staged, sender=staged.buyers[0])


def _whose(buyers: list[str]) -> Question:
    named = ", ".join(buyers[:3]) or "nobody"
    return Question(
        "sender",
        f"Whose report is this? Its rows name {named} as buyer. Overlapping reports of one sender "
        "are taken to repeat each other's rows. (--sender NAME says it, too.)",
        tuple(Choice(buyer) for buyer in buyers[:3]),
        is_free=True,
    )
