"""Break each marked rule of the matching questions, one at a time; a test must notice.

    python -m tools.mutants [-k TEXT] [-j N] [--tests GLOB ..]

A line of reconcile/sql/matching that ends in `-- rule: name` is removed; one that ends in
`-- rule: name => text` is replaced by the text. Each mutant is a copy of the package in a folder of
its own, so that the product knows nothing of mutants. The tests are the hand-written ones, which
take seconds. The outcome of one is

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
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot

ROOT = Path(__file__).resolve().parent.parent
MATCHING = Path("reconcile/sql/matching")
TESTS = ["tests/test_matching_rules*.py"]  # each ends in time, so an endless round is noticed, too

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


def copy_project(target: Path) -> None:
    """Copy what the tests need; the data is only read, so a link will do."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("reconcile", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=ignore)
    shutil.copy2(ROOT / "pyproject.toml", target)
    if (ROOT / "data").exists():
        (target / "data").symlink_to(ROOT / "data")


def run_tests(folder: Path, tests: list[str]) -> tuple[int, str]:
    """Run a copy's tests in this process, which must be a fresh one; return code and output."""
    paths = sorted(str(path.relative_to(folder)) for glob in tests for path in folder.glob(glob))
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:playwright"]
    options += ["--tb=short", "--assert=plain"]  # rewriting asserts takes as long as the tests
    sys.dont_write_bytecode = True
    sys.path[:] = [str(folder), *(path for path in sys.path if path not in ("", str(ROOT)))]
    os.chdir(folder)
    log = folder / "output.txt"
    with log.open("wb") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    code = int(pytest.main([*options, *paths]))
    sys.stdout.flush()
    return code, log.read_text(encoding="utf-8", errors="replace")


def try_copy(mutant: Mutant | None, tests: list[str]) -> tuple[int, str]:
    """Run the tests against a copy of the project, broken by a mutant or whole."""
    home = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy_project(Path(name))
        if mutant is not None:
            (Path(name) / mutant.path).write_text(mutant.text, encoding="utf-8")
        try:
            return run_tests(Path(name), tests)
        finally:
            os.chdir(home)


def judge(mutant: Mutant, tests: list[str]) -> str:
    """Try one mutant in a fresh process and name its outcome."""
    if not is_sql(mutant.text):
        return "broken"
    return outcome_of(*try_copy(mutant, tests))


def processes(number: int) -> multiprocessing.pool.Pool:
    """Return a pool whose every task has a fresh process, forked with the large libraries loaded.

    Loading them anew would take longer than most mutants live. The product itself is not loaded
    here, each process takes it from its own copy; nor are plugins, which pytest loads itself.
    """
    for name in ("duckdb", "pyarrow"):
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
        code, output = pool.apply(try_copy, (None, given.tests))
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
