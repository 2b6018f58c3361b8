"""Hashes of a file beside those of other files: of another salt they never match."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from reconcile.importing.checking.checked import Check, Level
from reconcile.importing.reading.personal import is_hashed
from reconcile.importing.records import STATED, StagedFile
from reconcile.warehouse import Batch


def salt_checks(staged: StagedFile, others: Sequence[Batch]) -> Iterator[Check]:
    """Yield a doubt if other files of the home were hashed by another salt."""
    if not is_hashed(staged.cleaned):
        return
    found = [batch for batch in others if _has_other_salt(batch, staged.hashed_by)]
    if found:
        named = ", ".join(f"{batch.file} (batch {batch.id})" for batch in found[:3])
        yield Check(
            "salt",
            Level.DOUBT,
            f"Its hashes do not match those of {len(found):,} other batch(es), such as {named}: "
            "these were made by another salt, or without one by an earlier release. If the file "
            "`salt` of the warehouse was lost, put it back and import this file again; if it is "
            "lost for good, import the others again.",
            expected="0",
            found=str(len(found)),
        )


def _has_other_salt(batch: Batch, mark: str | None) -> bool:
    path = batch.path / STATED
    if not path.is_file():
        return False
    told = json.loads(path.read_text(encoding="utf-8"))
    return is_hashed(told["cleaned"]) and told.get("salt") != mark
