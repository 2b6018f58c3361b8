"""Hold the SQL files to house form, and the matching questions to the portable subset.

    python -m tools.sql_lint [FILE ..]      all files under reconcile/sql unless named

House form (every file): the first line is a comment, one statement, at most 80 lines, lines of at
most 120 characters (the note of a `-- rule:` does not count), no tabs, and everything outside
quotes and comments in lower case. A file that only defines macros may hold many.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.portable import portability_faults

ROOT = Path(__file__).resolve().parent.parent
SQL = ROOT / "reconcile" / "sql"
MATCHING = SQL / "matching"
PRELUDE = SQL / "prelude" / "duckdb.sql"

MAX_LINES = 80
MAX_WIDTH = 120

_COMMENT = r"--[^\n]*|/\*.*?\*/"
_QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$\$.*?\$\$"
_SKIPPED = re.compile(f"{_COMMENT}|{_QUOTED}", re.DOTALL)
_QUOTES = re.compile(_QUOTED, re.DOTALL)
_RULE = re.compile(r"\s*-- rule: .*")
_TRIGGER = re.compile(r"create (temp )?trigger\b.*\bend\b", re.DOTALL)
_MACRO = re.compile(r"create (or replace )?(temp )?macro\b")


def prelude_names(text: str) -> set[str]:
    """Return the functions that a prelude defines."""
    return set(re.findall(r"create or replace macro (\w+)\s*\(", text))


def form_faults(text: str) -> Iterator[str]:
    """Name what a file's form lacks."""
    lines = text.splitlines()
    statements = _statements(text)
    macros = bool(statements) and all(_MACRO.match(statement) for statement in statements)
    if not text.startswith("-- "):
        yield "line 1: the first line must be a comment: what one row is"
    if len(statements) != 1 and not macros:
        yield f"line 1: {len(statements)} statements; a file holds exactly one"
    if len(lines) > MAX_LINES and not macros:
        yield f"line {MAX_LINES + 1}: {len(lines)} lines; one question has at most {MAX_LINES}"
    for number, line in enumerate(lines, start=1):
        if "\t" in line:
            yield f"line {number}: a tab"
        if len(_RULE.sub("", line)) > MAX_WIDTH:
            yield f"line {number}: longer than {MAX_WIDTH} characters"
    yield from _case_faults(text)


def _case_faults(text: str) -> Iterator[str]:
    """Name the words outside quotes and comments that are not in lower case."""
    bare = _SKIPPED.sub(lambda found: "\n" * found.group().count("\n"), text)
    for number, line in enumerate(bare.splitlines(), start=1):
        for word in re.findall(r"\b\w*[A-Z]\w*", line):
            yield f"line {number}: {word} is not in lower case"


def _statements(text: str) -> list[str]:
    """Return the statements without comments and quoted texts."""
    bare = _SKIPPED.sub(lambda found: "''" if _QUOTES.fullmatch(found.group()) else " ", text)
    bare = _TRIGGER.sub("create trigger", bare)  # the statements inside a trigger are its own
    return [part.strip() for part in bare.split(";") if part.strip()]


def faults(path: Path, prelude: set[str]) -> Iterator[str]:
    """Name all faults of one file."""
    text = path.read_text(encoding="utf-8")
    yield from form_faults(text)
    if MATCHING in path.parents:
        yield from portability_faults(text, prelude)


def main(arguments: list[str]) -> int:
    """Print each fault as `file: fault`; return 1 when there is any."""
    prelude = prelude_names(PRELUDE.read_text(encoding="utf-8"))
    paths = [Path(name).resolve() for name in arguments] or sorted(SQL.rglob("*.sql"))
    found = [(path, fault) for path in paths for fault in faults(path, prelude)]
    for path, fault in found:
        print(f"{path.relative_to(ROOT) if ROOT in path.parents else path}: {fault}")
    print(f"{len(paths)} SQL files, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
