"""Break each marked rule of the matching questions, one at a time; a test must notice.

    python -m tools.mutants [-k TEXT] [-j N] [--tests GLOB ..]

A line of reconcile/sql/matching that ends in `-- rule: name` is removed; one that ends in
`-- rule: name => text` is replaced by the text. Each mutant is a copy of the package in a folder of
its own, so that the product knows nothing of mutants. The outcome of one is

    killed     a test failed
    survived   all tests passed: no test holds the rule
    broken     the mutant is no SQL, or an engine cannot bind it: it proves nothing, mend the mark
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import sqlglot

ROOT = Path(__file__).resolve().parent.parent
MATCHING = Path("reconcile/sql/matching")
TESTS = ["tests/test_matching_*.py"]
TIMEOUT = 300  # seconds; a mutant that makes a round endless is noticed, too

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
    """Run the tests in a copy; return pytest's exit code and what it printed."""
    paths = sorted(str(path.relative_to(folder)) for glob in tests for path in folder.glob(glob))
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:playwright", "--tb=short"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *paths],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f"no end within {TIMEOUT} seconds"
    return done.returncode, done.stdout + done.stderr


def judge(mutant: Mutant, tests: list[str]) -> str:
    """Try one mutant and name its outcome."""
    if not is_sql(mutant.text):
        return "broken"
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy_project(Path(name))
        (Path(name) / mutant.path).write_text(mutant.text, encoding="utf-8")
        return outcome_of(*run_tests(Path(name), tests))


def check_baseline(tests: list[str]) -> str | None:
    """Return why the tests prove nothing, if they are red before anything is broken."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy_project(Path(name))
        code, output = run_tests(Path(name), tests)
    return (
        None
        if code == 0
        else f"the tests are red (exit {code}) before any mutant:\n{output[-3000:]}"
    )


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
    red = check_baseline(given.tests) if found else "no line is marked `-- rule: name`"
    if red:
        print(red)
        return 1
    totals: Counter[str] = Counter()
    with ThreadPoolExecutor(given.j) as pool:
        judged = pool.map(lambda mutant: judge(mutant, given.tests), found)
        for mutant, outcome in zip(found, judged, strict=True):
            totals[outcome] += 1
            print(f"{outcome:9} {mutant}", flush=True)
    print(f"{len(found)} mutants: " + ", ".join(f"{n} {word}" for word, n in totals.items()))
    return 0 if totals["killed"] == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
