"""Damaged and external ids are never joined wrongly, and it is measured how many are joined."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from reconcile import sample
from tools.recall import compared, measured
from tools.recall import main as print_recall

WORDS = ("side", "file", "line", "class", "reason", "flags", "partner_file", "partner_line")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample with damaged ids, compared."""
    folder = tmp_path_factory.mktemp("damaged")
    sample(folder, rows=3_000, seed=7, damaged=True)
    compared(folder)
    return folder


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_label_of_a_damaged_sample_is_met(folder: Path):
    """Written down with the cases: what is joined, and what nobody can tell any more."""
    rows = read(folder / "out" / "rows.csv")
    found = {tuple(Path(r[w]).name if "file" in w else r[w] for w in WORDS) for r in rows}
    labels = {tuple(r[w] for w in WORDS) for r in read(folder / "labels.csv") if not r["left_out"]}
    assert found == labels


def test_the_automatic_rules_join_nothing_wrongly(folder: Path, capsys):
    """Precision 1.0; recall is 1.0 where one lead fits, and 0 where two do."""
    kinds = measured(folder)
    assert all(kind.wrong == 0 for kind in kinds.values())
    assert {name: kind.right == kind.rows for name, kind in kinds.items()} == {
        "exponent": True,
        "last digits cut off": True,
        "last digits rounded": True,
        "number out of an E": True,
        "month": True,
        "external id": True,
        "exponent of two leads": False,
        "exponent, claimed twice": False,
    }
    assert sum(kind.right for kind in kinds.values()) > 30
    assert print_recall([str(folder), "--keep"]) == 0
    assert "precision 1.000" in capsys.readouterr().out


def test_each_rule_joined_what_it_is_for(folder: Path):
    rules = Counter(r["rule"] for r in read(folder / "out" / "rows.csv") if r["side"] == "claim")
    assert rules["damaged_id"] > 25
    assert rules["external_id"] > 5
    assert rules["loose_id"] > 0


def test_without_damage_a_sample_is_what_it_always_was(tmp_path: Path):
    """The same bytes, and no list of damages."""
    for name, damaged in (("plain", False), ("damaged", True)):
        sample(tmp_path / name, rows=1_000, damaged=damaged)
    names = {
        folder: {p.name for p in (tmp_path / folder).iterdir()} for folder in ("plain", "damaged")
    }
    assert names["damaged"] - names["plain"] == {"damages.csv"}
    assert "external_clickid" not in (tmp_path / "plain" / "leads.csv").read_text("utf-8")
