"""Ids counted range by range: the answer is the same, however few are counted at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reconcile.engine import Engine
from reconcile.importing import StageOptions, stage
from reconcile.importing.checking import repeat_checks
from reconcile.importing.checking.checks import ROWS
from reconcile.importing.checking.repeat_checks import known_ids, ranges_of, repeats
from reconcile.terms import Kind

HEADER = "transaction_id,occurred_at,revenue,event_id"


def rows_of(seed: int) -> list[str]:
    """Return rows of which some ids, some whole lines and some lines without an id come again."""
    random = Random(seed)
    ids = [f"lead-{number}" for number in range(12)] + [""] * 2
    return [
        f"{random.choice(ids)},2026-10-0{random.randint(1, 2)},{random.randint(-1, 2)},"
        f"{random.choice(['sale', 'call'])}"
        for _ in range(random.randint(1, 40))
    ]


def expected(rows: list[str]) -> dict[str, Any]:
    """Count the same in Python, one row after the other."""
    per_id: dict[str, list[str]] = {}
    for row in rows:
        per_id.setdefault(row.split(",")[0], []).append(row)
    per_id.pop("", None)
    itemised = 0
    for lines in per_id.values():
        cells = [line.split(",") for line in set(lines)]
        is_one_event = len({cell[3] for cell in cells}) == 1
        itemised += len(cells) > 1 and is_one_event and min(int(c[2]) for c in cells) >= 0
    counts = Counter(rows)
    last = [n for n, row in enumerate(rows, start=2) if counts[row] > 1]
    return {
        "most": max(map(len, per_id.values()), default=0),
        "repeated": sum(len(lines) > 1 for lines in per_id.values()),
        "itemised": itemised,
        "identical": sum(count - 1 for count in counts.values()),
        "identical_line": max(last, default=None),
    }


def staged(folder: Path, rows: list[str], kind: Kind = Kind.CLAIM) -> Engine:
    path = folder / "file.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    engine = Engine()
    file = stage(engine, path, kind=kind, options=StageOptions(zone="UTC"))
    engine.view(ROWS, "importing/check_own", kind=kind.value, file_no=file.file_no)
    return engine


@pytest.mark.parametrize("seed", range(12))
def test_many_ranges_count_what_one_counts(tmp_path, seed):
    """Rows of one id, and equal rows without an id, meet in one range."""
    rows = rows_of(seed)
    engine = staged(tmp_path, rows)
    told = expected(rows)
    if not told["repeated"]:
        del told["most"]  # of nothing but single lines, nobody asks
    for at_once in (1, 2, 7, 1000):
        found = repeats(engine, rows=len(rows), at_once=at_once)
        assert {name: found.get(name) for name in told} == told, at_once
    engine.close()


def test_a_file_beyond_what_is_counted_at_once_is_written_and_counted_by_ranges(
    tmp_path, monkeypatch
):
    """Where most ids come again, no range holds them all."""
    rows = [f"lead-{number % 20},2026-10-01,{number},sale" for number in range(60)]
    engine = staged(tmp_path, rows)
    written: list[int] = []
    whole = Engine.write_part
    monkeypatch.setattr(
        Engine, "write_part", lambda *a, **k: written.append(k["ranges"]) or whole(*a, **k)
    )
    assert repeats(engine, rows=60, at_once=10)["itemised"] == 20
    assert written == [6]
    assert repeats(engine, rows=60, at_once=60)["itemised"] == 20
    assert written == [6]
    engine.close()


def test_known_ids_are_the_same_by_any_ranges(tmp_path):
    """Each row with an id is counted once, whether the other side knows it or not."""
    rows = [f"lead-{number},2026-10-01,1,sale" for number in range(9)] + [",2026-10-01,1,sale"]
    engine = staged(tmp_path, rows)
    engine._con.execute(
        "create table other_row as select *, 'b' as batch from checked_row where line_no <= 5"
    )
    for at_once in (1, 4, 100):
        found = known_ids(engine, ["b"], rows=14, at_once=at_once)
        assert found == {"with_id": 9, "known": 4}
    engine.close()


def test_the_rows_at_once_shrink_with_the_memory_limit():
    """A row may take 128 bytes of the limit; without a low limit four million are counted."""
    small, large = Engine(memory_limit="128MiB"), Engine(memory_limit="8GB")
    assert repeat_checks.rows_at_once(small) == (128 << 20) // 128
    assert repeat_checks.rows_at_once(large) == repeat_checks.AT_ONCE
    assert [ranges_of(rows, 10) for rows in (0, 1, 10, 11)] == [1, 1, 1, 2]
    small.close()
    large.close()
