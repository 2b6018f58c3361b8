"""Dirty tables of a known truth through the import, as many as there is time for.

    python -m tests.fuzz_importing --seconds 600 --first 1

tells each seed by which a file is read wrongly; the test of the same name takes a few.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconcile.errors import QuestionOpen
from tests import fuzz_tables as fuzz
from tests.fuzz_tables import Dirt, Written
from tests.importing_help import Read, read


def check(dirt: Dirt, folder: Path) -> None:
    """Write a table and read it again.

    Raises:
        AssertionError: A row is wrong, lost, or loaded though it is damaged; or what the file
            tells was asked.
    """
    done = fuzz.written(dirt)
    asked, got = asked_and_read(folder, dirt, done)
    assert not asked or not fuzz.is_told(dirt, done), f"asked, though it is told: {asked}"
    for row in got.rows:
        number, own = row["line_no"], said(row, dirt)
        told = done.truth.get(number, {})
        assert own == told, (
            number,
            {n: (own[n], told.get(n)) for n in own if own[n] != told.get(n)},
        )
    rejected = {line: column for line, column, *_ in got.rejects}
    assert {n: c for n, c in done.damaged.items() if c}.items() <= rejected.items()
    assert len(got.rows) + len(rejected) == len(done.truth) + len(done.damaged)
    assert len(got.rows) >= 0.9 * len(done.truth), got.rejects
    if done.total is not None and dirt.money != "whole":
        header = dirt.headers[dirt.columns.index("revenue")]
        assert got.staged.notes.control_totals[header] == done.total


def asked_and_read(folder: Path, dirt: Dirt, done: Written) -> tuple[set[str], Read]:
    """Read a file as somebody who knows the truth; return what was asked, and what was read.

    Which column is which may always be asked.
    """
    answers: dict[str, str] = {}
    while True:
        told = tuple(answers.values())
        try:
            got = read(folder, done.content, kind=dirt.kind, answers=told)
        except QuestionOpen as error:
            for question in error.questions:
                answer = fuzz.answer_to(question, dirt)
                if answer is None or question.key in answers:
                    raise AssertionError(str(error)) from error
                answers[question.key] = answer
        else:
            return {key for key in answers if not key.startswith("columns.")}, got


def said(row: dict[str, Any], dirt: Dirt) -> dict[str, Any]:
    """Return what a row says in the words of the truth."""
    extra = json.loads(row["extra"] or "{}")
    names = dict(zip(dirt.columns, dirt.headers, strict=True))
    told = {name: row.get(name) for name in (*dirt.columns, "currency") if name != "notes"}
    return told | ({"notes": extra.get(names["notes"]) or ""} if "notes" in names else {})


def main() -> int:
    """Check one seed after another until the time is over; return how many failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--first", type=int, default=0)
    told = asked.parse_args()
    end, failed, seed = time.monotonic() + told.seconds, 0, told.first
    with TemporaryDirectory() as name:
        for seed in count(told.first):
            if time.monotonic() > end:
                break
            try:
                check(fuzz.dirt_of(seed), Path(name))
            except Exception as error:
                failed += 1
                print(f"seed {seed}: {type(error).__name__}: {error}\n  {fuzz.dirt_of(seed)}")
    print(f"{seed - told.first} tables, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(), 1))
