"""The made-up network: the same for a seed, complete, and labelled line by line."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from reconcile.errors import BadParameters
from reconcile.sampling import SampleFiles, sample
from reconcile.terms import ClaimStatus, Flag, LeftOut, RowClass

COMMITTED = ROOT / "data" / "sample"
AT_LEAST = 50

DENIED = (ClaimStatus.REJECTED, ClaimStatus.RETURNED, ClaimStatus.DUPLICATE, ClaimStatus.TEST)
REASONS = [
    *((RowClass.STATUS_CONFLICT, status) for status in DENIED),
    *((RowClass.NOT_BILLABLE, status) for status in (*DENIED, ClaimStatus.PENDING)),
    *((RowClass.REVENUE_MISMATCH, reason) for reason in ("amount", "currency", "unpriced")),
    *((RowClass.NOT_DUE_YET, reason) for reason in ("pending", "grace")),
    *((RowClass.UNKNOWN_EVENT, reason) for reason in ("none", "")),
    *((RowClass.TIMING, reason) for reason in (RowClass.MATCHED, RowClass.STATUS_CONFLICT)),
    (RowClass.TIMING, RowClass.MATCHED_WITHIN_TOLERANCE),
    (RowClass.TIMING, RowClass.REVENUE_MISMATCH),
    (RowClass.TIMING, RowClass.NOT_DUE_YET),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """Return a sample of the usual size."""
    return sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def labels(files: SampleFiles) -> list[dict[str, str]]:
    """Return its labels."""
    return read(files.labels)


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path) -> dict[str, bytes]:
    """Return what every file of a folder holds."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def flags_of(labels: list[dict[str, str]]) -> Iterator[str]:
    """Yield every flag of every row."""
    for label in labels:
        yield from filter(None, label["flags"].split(";"))


@pytest.mark.parametrize("row_class", RowClass)
def test_every_class_is_there_often_enough(labels, row_class):
    assert Counter(label["class"] for label in labels)[row_class] >= AT_LEAST


@pytest.mark.parametrize(("row_class", "reason"), REASONS)
def test_every_reason_is_there_often_enough(labels, row_class, reason):
    assert (
        Counter((label["class"], label["reason"]) for label in labels)[row_class, reason]
        >= AT_LEAST
    )


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_is_there_often_enough(labels, flag):
    assert Counter(flags_of(labels))[flag] >= AT_LEAST


def test_no_label_is_a_word_the_product_does_not_know(labels):
    """A typing mistake in a case would otherwise look like a disagreement with the matcher."""
    assert {label["class"] for label in labels} == {"", *RowClass}
    assert set(flags_of(labels)) == set(Flag)
    kinds = {(label["class"], label["reason"]) for label in labels if label["reason"]}
    assert kinds == {kind for kind in REASONS if kind[1]}
    left_out = {label["left_out"] for label in labels}
    assert left_out == {"", LeftOut.CONTEXT, LeftOut.NOT_CONVERSION, LeftOut.OUTSIDE_WINDOW}


def test_every_event_and_claim_has_one_label_and_no_other_line_has(files, labels):
    lines = {
        (path.name, str(number))
        for path in (files.events, *files.claims)
        for number, _ in enumerate(read(path), start=2)
    }
    assert {(label["file"], label["line"]) for label in labels} == lines
    assert len(labels) == len(lines)


def test_a_row_is_either_classed_or_left_out_for_a_reason(labels):
    assert [label for label in labels if (label["class"] == "") == (label["left_out"] == "")] == []


def test_partners_name_each_other_and_stand_on_two_sides(labels):
    places = {(label["file"], label["line"]): label for label in labels}
    paired = [label for label in labels if label["partner_file"]]
    for label in paired:
        partner = places[label["partner_file"], label["partner_line"]]
        assert (partner["partner_file"], partner["partner_line"]) == (label["file"], label["line"])
        assert partner["side"] != label["side"]
    assert len(paired) > len(labels) / 2


def test_about_nine_in_ten_sales_are_plain_matches(labels):
    in_scope = [label for label in labels if label["class"]]
    clean = [label for label in in_scope if label["class"] == "matched" and not label["flags"]]
    assert 0.85 < len(clean) / len(in_scope) < 0.95


def test_rows_of_a_file_are_in_time_order(files):
    """Rows without a time stand in between."""
    times = [row["occurred_at"] for row in read(files.events) if row["occurred_at"]]
    assert times == sorted(times)


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    sample(tmp_path / "one", rows=1_000, seed=3)
    sample(tmp_path / "two", rows=1_000, seed=3)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_another_seed_gives_another_network_with_as_many_cases(tmp_path):
    one = sample(tmp_path / "one", rows=1_000, seed=3)
    two = sample(tmp_path / "two", rows=1_000, seed=4)
    assert one.events.read_bytes() != two.events.read_bytes()
    assert len(read(one.events)) == len(read(two.events))


def test_the_committed_sample_is_what_the_generator_makes(tmp_path):
    """Small enough to be kept, and with every class in it; written anew by the generator."""
    sample(tmp_path, rows=2_000)
    assert content(tmp_path) == content(COMMITTED)
    assert sum(map(len, content(COMMITTED).values())) < 1_000_000
    assert {label["class"] for label in read(COMMITTED / "labels.csv")} == {"", *RowClass}


def test_too_few_rows_are_refused_with_the_least_that_is_enough(tmp_path):
    with pytest.raises(BadParameters, match="at least 1,000"):
        sample(tmp_path / "none", rows=999)
    assert not (tmp_path / "none").exists()


def test_the_generator_shares_no_code_with_what_it_checks():
    """Of the product it imports the engine, the words and the errors, and nothing else."""
    imported = set()
    for path in (ROOT / "reconcile" / "sampling").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module)
    ours = {name.split(".")[1] for name in imported if name and name.startswith("reconcile.")}
    assert ours == {"engine", "errors", "sampling"}
