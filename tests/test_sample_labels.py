"""The labels of a sample, written down with its cases, against the verdicts of the matcher."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from conftest import ROOT
from reconcile import CompareFiles, compare, load_parameters, sample
from reconcile.comparing import Comparison

WORDS = ("side", "file", "line", "class", "reason", "flags", "partner_file", "partner_line")


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared(folder: Path, out: Path) -> Comparison:
    """Return the comparison of a sample's files by its own parameters."""
    files = CompareFiles(
        events=[folder / "events.csv"],
        claims=sorted(folder.glob("claims_*.csv")),
        leads=[folder / "leads.csv"],
        settings=folder / "settings.csv",
    )
    return compare(files, load_parameters(folder / "params.toml"), out, matched=True)


def verdicts(folder: Path, out: Path) -> set[tuple[str, ...]]:
    """Return what the matcher says of every row in scope, files by their base names."""
    compared(folder, out)
    return {
        tuple(Path(row[word]).name if "file" in word else row[word] for word in WORDS)
        for row in read(out / "rows.csv")
    }


def labels(folder: Path) -> set[tuple[str, ...]]:
    """Return what the generator says of them."""
    rows = read(folder / "labels.csv")
    return {tuple(row[word] for word in WORDS) for row in rows if not row["left_out"]}


def test_the_matcher_agrees_with_every_label_of_the_committed_sample(tmp_path):
    folder = ROOT / "data" / "sample"
    assert verdicts(folder, tmp_path) == labels(folder)


@pytest.mark.parametrize("seed", [7, 11])
def test_the_matcher_agrees_with_every_label_of_a_usual_sample(tmp_path, seed):
    sample(tmp_path / "in", seed=seed)
    assert verdicts(tmp_path / "in", tmp_path / "out") == labels(tmp_path / "in")


def test_what_the_matcher_leaves_out_is_what_the_labels_leave_out(tmp_path):
    """Rows that are not in scope are only counted, per side and reason."""
    folder = ROOT / "data" / "sample"
    sides = compared(folder, tmp_path).summary["rows"]
    counted = {
        (side, reason): rows
        for side, counts in sides.items()
        for reason, rows in counts["not_reconciled"].items()
    }
    rows = read(folder / "labels.csv")
    assert counted == Counter((row["side"], row["left_out"]) for row in rows if row["left_out"])
