"""Status words that nobody has translated: a run would stop at them."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.engine import Engine
from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.questions import Choice, Question
from reconcile.importing.records import StagedFile
from reconcile.terms import STATUS_WORDS, ClaimStatus, Kind

MOST = 20
"""Words that are told one by one; a column of more is probably no status."""


def status_checks(engine: Engine, staged: StagedFile) -> Iterator[Check]:
    """Yield a doubt for each word of a report's status that neither we nor its sender translate."""
    if staged.kind is not Kind.CLAIM or "status" not in staged.mapping:
        return
    rows = engine.records("importing/check_status")
    unknown = [r for r in rows if r["word"] not in {**STATUS_WORDS, **staged.status_words}]
    for row in unknown[:MOST]:
        yield Check(
            "status",
            Level.DOUBT,
            f"No table says what the status {row['spelling']!r} means: {row['row_count']:,} "
            f"row(s), the first on line {row['line_no']}. A run stops at it until somebody says.",
            found=row["spelling"],
            offer=Question(
                f"status.{row['spelling'].strip()}",
                f"What does the status {row['spelling']!r} mean?",
                tuple(Choice(str(status)) for status in ClaimStatus),
            ),
        )
    if len(unknown) > MOST:
        yield Check(
            "status",
            Level.DOUBT,
            f"{len(unknown) - MOST:,} more status words are in no table: is this column a status?",
            found=str(len(unknown)),
        )
