"""Break each marked rule of the matching questions, one at a time; a test must notice.

    python -m tools.mutants [-k TEXT] [-j N] [--tests GLOB ..]

A line of reconcile/sql/matching that ends in `-- rule: name` is removed; one that ends in
`-- rule: name => text` is replaced by the text. Each mutant lives in a process of its own, and the
product knows nothing of it. The tests are the hand-written ones, which take seconds. The outcome of
one is

    killed     a test failed
    survived   all tests passed: no test holds the rule
    broken     the mutant is no SQL, or an engine cannot bind it: it proves nothing, mend the mark
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import multiprocessing.pool
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot

from reconcile.engine import questions

ROOT = Path(__file__).resolve().parent.parent
MATCHING = Path("reconcile/sql/matching")
TESTS = ["tests/test_matching_rules*.py"]  # each ends in time, so an endless round is noticed, too
LOADED = ["tests.matching_table", "tests.reference_rows"]  # what the tests import, and the product

_MARK = re.compile(
    r"^(?P<indent>\s*)(?P<line>.*?)\s*-- rule: (?P<name>[\w.-]+)(?: => (?P<new>.*))?$"
)
_UNBOUND = re.compile(r"\b(Binder|Catalog|Parser)(Exception| Error)\b")


@dataclass(frozen=True)
class Mutant:
    """One rule of one question, and the question's text without it."""

    path: Path
    line_no: int
    name: str
    text: str

    def __str__(self) -> str:
        """Name it as file:line rule."""
        return f"{self.path.name}:{self.line_no} {self.name}"


def mutants_of(path: Path, text: str) -> list[Mutant]:
    """Return one mutant for each marked line of a question."""
    lines = text.splitlines()
    found = []
    for index, line in enumerate(lines):
        mark = _MARK.match(line)
        if mark is None:
            continue
        new = [] if mark["new"] is None else [mark["indent"] + mark["new"].rstrip()]
        changed = "\n".join([*lines[:index], *new, *lines[index + 1 :]]) + "\n"
        found.append(Mutant(path, index + 1, mark["name"], changed))
    return found


def is_sql(text: str) -> bool:
    """Tell whether a mutant can be parsed at all."""
    try:
        return len(sqlglot.parse(text, dialect="duckdb")) == 1
    except sqlglot.errors.SqlglotError:
        return False


def outcome_of(exit_code: int, output: str) -> str:
    """Name what a test run says of a mutant."""
    if _UNBOUND.search(output):
        return "broken"
    return {0: "survived", 1: "killed"}.get(exit_code, "broken")


def run_tests(mutant: Mutant | None, tests: list[str]) -> tuple[int, str]:
    """Run the tests in this process, which must be a fresh one; return exit code and output.

    A mutant is put in wherever the product looks for the text of its question.
    """
    if mutant is not None:
        put_in(mutant)
    paths = sorted(str(path) for glob in tests for path in ROOT.glob(glob))
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:playwright"]
    options += ["--tb=short", "--assert=plain"]  # rewriting asserts takes as long as the tests
    with tempfile.TemporaryFile() as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
        code = int(pytest.main([*options, *paths]))
        sys.stdout.flush()
        log.seek(0)
        return code, log.read().decode(errors="replace")


def put_in(mutant: Mutant) -> None:
    """Let this process read the mutant's text for its question."""
    question = f"{mutant.path.parent.name}/{mutant.path.stem}"
    original = questions.question

    def mutated(name: str) -> str:
        return mutant.text if name == question else original(name)

    for module in list(sys.modules.values()):
        if getattr(module, "question", None) is original:
            vars(module)["question"] = mutated


def judge(mutant: Mutant, tests: list[str]) -> str:
    """Try one mutant in this process, which must be a fresh one, and name its outcome."""
    if not is_sql(mutant.text):
        return "broken"
    return outcome_of(*run_tests(mutant, tests))


def processes(number: int) -> multiprocessing.pool.Pool:
    """Return a pool whose every task has a fresh process, forked with the product loaded.

    Loading it anew would take longer than most mutants live.
    """
    sys.path.insert(0, str(ROOT / "tests"))
    for name in LOADED:
        importlib.import_module(name)
    return multiprocessing.get_context("fork").Pool(number, maxtasksperchild=1)


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-k", default="", metavar="TEXT", help="only rules or files with this text")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="so many at a time")
    parser.add_argument("--tests", nargs="+", default=TESTS, metavar="GLOB")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Print each mutant's outcome and the totals; return 1 unless all were killed."""
    given = arguments(words)
    found = [
        mutant
        for path in sorted((ROOT / MATCHING).glob("*.sql"))
        for mutant in mutants_of(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
        if given.k in str(mutant)
    ]
    if not found:
        print("no line is marked `-- rule: name`")
        return 1
    with processes(given.j) as pool:
        code, output = pool.apply(run_tests, (None, given.tests))
        if code:
            print(f"the tests are red (exit {code}) before any mutant:\n{output[-3000:]}")
            return 1
        tasks = [(mutant, given.tests) for mutant in found]
        return report(found, pool.imap(judge_task, tasks, chunksize=1))


def judge_task(task: tuple[Mutant, list[str]]) -> str:
    """Judge one mutant of a pool's work."""
    return judge(*task)


def report(found: list[Mutant], outcomes: Iterable[str]) -> int:
    """Print each outcome as it comes, then the totals; return 1 unless all were killed."""
    totals: Counter[str] = Counter()
    for mutant, outcome in zip(found, outcomes, strict=True):
        totals[outcome] += 1
        print(f"{outcome:9} {mutant}", flush=True)
    print(f"{len(found)} mutants: " + ", ".join(f"{n} {word}" for word, n in totals.items()))
    return 0 if totals["killed"] == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
