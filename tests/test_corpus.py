"""The corpus: messy files, and beside each the truth about every line and every cell of it.

What a truth may say stands in corpus/README.md. A value of a cell that is not in the truth must be
NULL, a line that is not rejected must be loaded, a question that is not foreseen must not be asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconcile.engine import Engine
from reconcile.errors import QuestionOpen, ReconcileError
from reconcile.importing import StageOptions, load_mapping, stage
from reconcile.importing.checking.checked import Level
from reconcile.importing.checking.checks import check_file
from reconcile.importing.found import Span
from reconcile.importing.records import Mapping
from reconcile.terms import Kind
from tests.importing_help import Read, read_path

CORPUS = Path(__file__).parent / "corpus"
TRUTHS = sorted(CORPUS.glob("*.json"))

MONEY = ("revenue", "cost", "ad_spend")
TIMES = ("occurred_at",)
# What is computed from the other columns, or names the file.
DERIVED = {"file_no", "norm_id", "key_hi", "key_lo", "row_hi", "row_lo", "revenue_e4"}


def typed(column: str, value: Any) -> Any:
    """Return a value of a truth as the engine would give it."""
    if value is None:
        return None
    if column in MONEY:
        return Decimal(value)
    return datetime.fromisoformat(value) if column in TIMES else value


def classes(lines: str) -> list[str]:
    """Return the class of each line of a truth, which counts equal neighbours: `data*3 total`."""
    found = []
    for word in lines.split():
        name, _, count = word.partition("*")
        found += [name] * int(count or 1)
    return found


def numbers(span: Span) -> range:
    """Return the lines of a span."""
    return range(span.first, span.last + 1)


class Asked:
    """A file that is read as a person would: questions are answered as the truth says, once."""

    def __init__(self, truth: dict[str, Any], folder: Path) -> None:
        self.truth = truth
        self.path = CORPUS / truth["file"]
        self.asked: list[str] = []
        self.given: list[str] = []
        self.mapping: Mapping | None = None
        if "mapping" in truth:
            told = folder / "sender.toml"
            told.write_text("\n".join(truth["mapping"]), encoding="utf-8")
            self.mapping = load_mapping(told)

    def read(self) -> Read:
        """Read the file, answering what is asked."""
        answers: list[str] = []
        while True:
            try:
                return self._read(answers)
            except QuestionOpen as error:
                answers += self._answers(error)

    def _answers(self, error: QuestionOpen) -> list[str]:
        """Return the answers to what is asked, which must be foreseen and must not come twice."""
        keys = {question.key for question in error.questions}
        assert keys, f"a question without a key: {error}"
        assert keys <= self.allowed, f"{keys} asked: {error}"
        assert not keys & set(self.asked), f"{keys} asked again: {error}"
        self.asked += keys
        for key, value in self.truth.get("suggested", {}).items():
            assert [q.suggestion for q in error.questions if q.key == key] == [value]
        return [self.truth["answers"][key] for key in keys]

    @property
    def allowed(self) -> set[str]:
        return {*self.truth.get("asks", []), *self.truth.get("may_ask", [])}

    def options(self, answers: list[str]) -> dict[str, Any]:
        """Return how the file is to be read."""
        zone = self.truth.get("zone")
        told = {"mapping": self.mapping, "zone": zone, "answers": tuple(answers)}
        return told | ({"known_times": self} if "events" in self.truth else {})

    def of(self, ids: Sequence[str]) -> dict[str, datetime]:
        """Return the times of the events that are stored of some leads."""
        events = self.truth["events"]
        return {name: datetime.fromisoformat(events[name]) for name in ids if name in events}

    def _read(self, answers: list[str]) -> Read:
        self.given = answers
        return read_path(self.path, kind=Kind(self.truth["kind"]), **self.options(answers))


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_every_line_and_every_cell_is_as_the_truth_says(path, tmp_path):
    """Classes, rows, rejects and questions; nothing more, nothing less, nothing else."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    asked = Asked(truth, tmp_path)
    if "error" in truth:
        with pytest.raises(ReconcileError) as caught:
            asked.read()
        assert type(caught.value).__name__ == truth["error"]
        return
    read = asked.read()
    assert set(truth.get("asks", [])) <= set(asked.asked)
    check_lines(truth, read)
    check_rows(truth, read)
    check_rejects(truth, read)
    for name, value in truth["opened"].items():
        assert getattr(read.staged, name) == value
    if "told" in truth:
        assert doubts(asked) == truth["told"]


def doubts(asked: Asked) -> list[str]:
    """Return the names of the checks that doubt the rows of a file, in their order by name."""
    engine = Engine()
    options = StageOptions(**asked.options(asked.given))
    staged = stage(engine, asked.path, kind=Kind(asked.truth["kind"]), options=options)
    found = check_file(engine, staged, now=datetime(2026, 12, 31))
    engine.close()
    return sorted(check.name for check in found if check.level is Level.DOUBT)


def check_lines(truth: dict[str, Any], read: Read) -> None:
    """Each line is of its class, all are counted; rows and rejects stand on lines of theirs."""
    by_line = dict(enumerate(classes(truth["lines"]), start=1))
    found = dict.fromkeys(by_line, "data")
    found |= {n: span.name for span in read.staged.notes.spans for n in numbers(span)}
    assert found == by_line
    counts = {name: n for name, n in read.staged.line_classes.items() if n}
    assert counts == dict(Counter(by_line.values()))
    assert {by_line[row["line_no"]] for row in read.rows} <= {"data", "long", "short"}
    assert not {by_line[line] for line, *_ in read.rejects} & {"title", "header", "blank", "total"}


def check_rows(truth: dict[str, Any], read: Read) -> None:
    """Every cell of every row has the value and the type of the truth; all others are NULL."""
    wanted = [
        {name: typed(name, value) for name, value in zip(truth["columns"], row, strict=True)}
        for row in truth["rows"]
    ]
    assert [row["line_no"] for row in read.rows] == [row["line_no"] for row in wanted]
    for found, expected in zip(read.rows, wanted, strict=True):
        cells = {name: value for name, value in found.items() if name not in DERIVED}
        cells["extra"] = extra_of(cells["extra"])
        assert cells == dict.fromkeys(cells) | expected


def extra_of(text: str | None) -> dict[str, Any] | None:
    """Return the unmapped cells of a row; a column without name and values is none."""
    named = json.loads(text) if text else {}
    kept = {name: value for name, value in named.items() if value or not name.startswith("column ")}
    return kept or None


def check_rejects(truth: dict[str, Any], read: Read) -> None:
    """Every rejected line has its number, its column, its raw text; a star is any word."""
    assert [line for line, *_ in read.rejects] == [line for line, *_ in truth["rejects"]]
    for found, expected in zip(read.rejects, truth["rejects"], strict=True):
        assert found[3]
        assert [want for want in expected if want != "*"] == [
            have for have, want in zip(found, expected, strict=True) if want != "*"
        ]


def test_the_corpus_is_large_and_each_file_has_its_truth():
    """A file without a truth would never be read, and a truth says in a sentence what it is for."""
    truths = [json.loads(path.read_text(encoding="utf-8")) for path in TRUTHS]
    files = {path.name for path in CORPUS.iterdir() if path.name[0].isdigit()}
    assert {name for name in files if not name.endswith(".json")} == {t["file"] for t in truths}
    assert all(truth["about"] for truth in truths)
