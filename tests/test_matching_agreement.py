"""The matching questions say of random worlds what the plain reading of the rules says."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconcile import CompareFiles, compare, load_parameters
from reconcile.engine import Engine
from reconcile.errors import QuestionOpen
from tests.matching_worlds import QuickEngine, compare_world
from tests.reference import UnknownStatusError, Verdict, World, fingerprint, reconcile_world
from tests.world_files import write_files
from tests.worlds import random_world, shrink

WORLDS = int(os.environ.get("WORLDS", "800"))
"""`make worlds` looks at many more; of the rarest faults one world in 700 told."""
CHUNK = 50
OTHERS = 1_000_000
"""Where the worlds begin that the optimizer is tried on."""
KINDS = ("event", "claim", "lead")
NOWHERE = (None, None, None, None)


def disagreement(engine: Engine, world: World) -> str | None:
    """Return the smallest world on which both still differ, and how."""
    if compare_world(engine, world) is None:
        return None
    small = shrink(world, lambda smaller: compare_world(engine, smaller) is not None)
    return f"{compare_world(engine, small)}\n{small}"


@pytest.mark.parametrize("first", range(0, WORLDS, CHUNK))
def test_every_row_of_a_random_world_gets_the_verdict_of_the_plain_reading(first: int):
    """Class, reason, flags, rule, partner, candidates, group and money; bridge and counts."""
    engine = QuickEngine()
    for seed in range(first, first + CHUNK):
        assert disagreement(engine, random_world(seed)) is None, seed


@pytest.mark.parametrize("first", range(OTHERS, OTHERS + 100, 25))
@pytest.mark.usefixtures("all_cores")
def test_the_optimizer_changes_no_verdict(first: int):
    """The product's engine, as it is set up for large tables."""
    engine = Engine()
    for seed in range(first, first + 25):
        assert disagreement(engine, random_world(seed)) is None, seed


def compared(world: World, folder: Path) -> tuple[list[dict[str, str]], Any]:
    """Write a world as files, compare them, and read what was written."""
    write_files(world, folder)
    paths = {kind: [folder / f.name for f in world.files if f.kind == kind] for kind in KINDS}
    settings = folder / "settings.csv" if world.settings else None
    files = CompareFiles(paths["event"], paths["claim"], paths["lead"], settings)
    parameters = load_parameters(
        folder / "run.toml",
        date_from=world.params.date_from,
        date_to=world.params.date_to,
        zone=world.params.zone,
    )
    compare(files, parameters, folder / "out", matched=True)
    summary = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    return read_csv(folder / "out" / "rows.csv"), summary


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def told(row: dict[str, str]) -> Verdict:
    """Return a line of rows.csv as a verdict; its group and candidates are in other files."""
    shared = row["rule"] and row["class"] != "timing" and row["reason"] != "currency"
    partner = (Path(row["partner_file"]).name, int(row["partner_line"] or 0))
    return Verdict(
        side=row["side"],
        file=Path(row["file"]).name,
        line=int(row["line"]),
        row_class=row["class"],
        reason=row["reason"] or None,
        flags=tuple(row["flags"].split(";")) if row["flags"] else (),
        rule=row["rule"] or None,
        partner=partner if row["rule"] else None,
        currency=row["currency"] or None,
        bridge=Decimal(0) if shared and row["side"] == "event" else Decimal(row["bridge"]),
        group=NOWHERE,
    )


@pytest.mark.parametrize("seed", range(12))
def test_files_in_and_files_out_say_what_the_plain_reading_says(seed: int, tmp_path: Path):
    """Through import, matching and writing: rows.csv, bridge.csv and summary.json."""
    world = replace(random_world(seed), accepted=())  # only a stored run knows of decisions
    try:
        expected = reconcile_world(world)
    except UnknownStatusError:
        with pytest.raises(QuestionOpen):
            compared(world, tmp_path)
        return
    rows, summary = compared(world, tmp_path)
    found = replace(expected, rows=tuple(told(row) for row in rows))
    plain = tuple(replace(v, group=NOWHERE, candidates=()) for v in expected.rows)
    assert fingerprint(world, found) == fingerprint(world, replace(expected, rows=plain))
    bridge = {
        tuple(value or None for value in list(line.values())[:-1]): Decimal(line["amount"])
        for line in read_csv(tmp_path / "out" / "bridge.csv")
    }
    assert bridge == {
        (currency, buyer, campaign, day and str(day), bucket): money
        for (currency, buyer, campaign, day, bucket), money in expected.bridge.items()
    }
    for side in ("event", "claim"):
        counts = summary["rows"][side]
        assert counts["in_scope"] == Counter(v.row_class for v in expected.rows if v.side == side)
        left = Counter(v.reason for v in expected.left_out if v.side == side)
        assert counts["not_reconciled"] == left
        assert counts["read"] == sum(counts["in_scope"].values()) + left.total()
