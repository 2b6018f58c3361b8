"""The mutants are what their marks say, and an invalid one is not taken for a killed one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutants import MATCHING, ROOT, is_sql, judge, mutants_of, outcome_of

QUESTION = """\
-- One row per pair.
select a
from t
where
    a > 1
    and a < $most -- rule: upper_bound => and a <= $most
    and b = 2 -- rule: only_second
"""


def test_a_mark_replaces_or_removes_its_line():
    """One mutant per mark, and every other line stays as it was."""
    replaced, removed = mutants_of(Path("a.sql"), QUESTION)
    assert (replaced.name, replaced.line_no) == ("upper_bound", 6)
    assert replaced.text.splitlines()[5] == "    and a <= $most"
    assert replaced.text.splitlines()[6] == QUESTION.splitlines()[6]
    assert removed.text == QUESTION.rsplit("    and b", 1)[0]


def test_a_mutant_that_is_no_sql_is_broken(monkeypatch):
    """It is told apart before any test runs."""
    (mutant,) = mutants_of(
        Path("a.sql"), "-- x\nselect\n    a -- rule: only_column\nfrom t where (\n"
    )
    assert not is_sql(mutant.text)
    assert judge(mutant, []) == "broken"


@pytest.mark.parametrize(
    ("exit_code", "output", "outcome"),
    [
        (0, "3 passed", "survived"),
        (1, "1 failed", "killed"),
        (1, "duckdb.BinderException: Binder Error: no such column", "broken"),
        (1, "_duckdb.ParserException: Parser Error: syntax", "broken"),
        (2, "interrupted", "broken"),
        (4, "file not found", "broken"),
        (5, "no tests ran", "broken"),
    ],
)
def test_only_a_failed_test_kills(exit_code, output, outcome):
    """A run that could not judge the mutant proves nothing."""
    assert outcome_of(exit_code, output) == outcome


def test_every_marked_rule_makes_valid_sql():
    """What would be broken is known without running the mutants."""
    broken = [
        str(mutant)
        for path in sorted((ROOT / MATCHING).glob("*.sql"))
        for mutant in mutants_of(path, path.read_text("utf-8"))
        if not is_sql(mutant.text)
    ]
    assert broken == []


def test_rule_marks_are_written_in_full():
    """A mark with a slip in it would silently make no mutant."""
    slips = [
        f"{path.name}:{number}"
        for path in sorted((ROOT / MATCHING).glob("*.sql"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "rule:" in line and not mutants_of(path, line)
    ]
    assert slips == []
