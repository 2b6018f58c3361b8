"""A file beside those of its sender and time: equal rows without an id may be the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reconcile.engine import Engine
from reconcile.importing.questions import Choice, Question, asked
from reconcile.importing.records import StagedFile
from reconcile.warehouse import Batch, glob_free

ROWS, OTHERS = "checked_row", "other_row"


def overlapping(staged: StagedFile, batches: Sequence[Batch]) -> list[Batch]:
    """Return the batches that could hold rows of the file, or their versions."""
    own = [b for b in batches if b.kind is staged.kind and b.sender == staged.sender]
    start, end = staged.period_from or staged.first_at, staged.period_to or staged.last_at
    if start is None or end is None:
        return own
    return [batch for batch in own if _meets(batch, start, end)]


def ask_equal_rows(engine: Engine, staged: StagedFile, batches: Sequence[Batch]) -> None:
    """Ask whether equal rows that name no lead are the same ones, delivered again.

    Raises:
        QuestionOpen: There are such rows, and nobody has said.
    """
    beside = [b for b in overlapping(staged, batches) if b.rows and b.is_readable]
    if not beside or not staged.parts or staged.told.equal_rows is not None:
        return
    engine.view_parquet(ROWS, [glob_free(path) for path in staged.parts])
    engine.view_parquet(OTHERS, [glob_free(path) for b in beside for path in b.row_files])
    ids = [batch.id for batch in beside]
    [(equal, line)] = engine.query("importing/check_equal", batches=ids)
    engine.drop(OTHERS)
    engine.drop(ROWS)
    if equal:
        raise asked(staged.name, [_question(equal, line, beside[-1], staged.sender)])


def _question(equal: int, line: int, beside: Batch, sender: str | None) -> Question:
    return Question(
        "equal_rows",
        f"{equal:,} row(s) without an id of a lead say the very same as rows of {beside.file} "
        f"(batch {beside.id}), which is of the same time. Are they these rows, delivered again? "
        f"If they are rows of their own, import the file under another --sender than {sender}.",
        (Choice("same", "the same rows: each counts as often as in the fullest file"),),
        evidence=(f"the first of them is line {line}",),
        suggestion="same",
    )


def _meets(batch: Batch, start: datetime, end: datetime) -> bool:
    first, last = batch.period_from or batch.first_at, batch.period_to or batch.last_at
    return first is None or last is None or (first <= end and start <= last)
