"""What went wrong once while the matching was built, each held by a test of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reconcile.engine import Engine
from tests.matching_worlds import compare_world, reconcile_by_sql
from tests.reference import World
from tests.reference_rows import claim, event, lead, world

pytestmark = pytest.mark.usefixtures("all_cores")


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


def rows_of(engine: Engine, table: str) -> int:
    return len(engine._con.table(table).fetchall())


def nothing_known(row: Any) -> Any:
    """Return a row of which only the time is known."""
    return row(None, None, event=None, buyer=None)


@pytest.mark.parametrize(
    "beside", [[], [event("t1"), claim("t1")], [event("t1"), claim("t1", "9")]]
)
def test_rows_without_any_key_are_all_there_at_the_end(engine, beside):
    """`concat` skipped null, `in (empty)` was false, `group by` pooled nulls: rows vanished."""
    rows = [*beside, *[nothing_known(event)] * 2, *[nothing_known(claim)] * 3]
    rows += [event("t5", event=None), claim("t5", event=None), event(None), claim(" ")]
    found, tally = reconcile_by_sql(engine, world(*rows))
    assert tally.rows_read == Counter("claim" if "claim" in row.file else "event" for row in rows)
    assert len(found.rows) + len(found.left_out) == len(rows)
    assert compare_world(engine, world(*rows)) is None


def clean(engine: Engine, *rows: Any) -> int:
    """Return how many pairs are clean; no key may be looked at row by row."""
    reconcile_by_sql(engine, world(*rows))
    assert rows_of(engine, "slow_event") + rows_of(engine, "claim_run") == 0
    return sum(pairs for (pairs,) in engine._con.table("clean_group").project("pairs").fetchall())


def test_a_pair_over_midnight_is_clean(engine):
    """In a realistic mix every fifteenth key went the slow way."""
    assert clean(engine, event("t1", on="03 23:59"), claim("t1", on="04 00:01")) == 1


def test_events_that_name_no_buyer_are_clean_by_their_leads(engine):
    """Else every key of an export without buyers would go the slow way."""
    rows = [event("t1", buyer=None), claim("t1"), lead("t1", buyer="acme")]
    assert clean(engine, *rows) == 1
    assert engine._con.table("clean_group").project("rule").fetchall() == [("exact",)]


def test_equal_rows_need_few_rounds(engine, monkeypatch):
    """K equal rows took k rounds before the rank ended in the difference of occurrences."""
    rounds = []
    monkeypatch.setattr(
        engine,
        "append",
        lambda name, asked, **params: (
            rounds.append(asked) or Engine.append(engine, name, asked, **params)
        ),
    )
    rows = [event("t1", event="call", campaign="c1"), claim("t1", event="call")]
    equal = world(*[row for row in rows for _ in range(40)], settings=["c1 call yes yes"])
    found, _ = reconcile_by_sql(engine, equal)
    assert Counter(row.row_class for row in found.rows) == {"matched": 80}
    assert rounds.count("matching/new_pair") == 1


def mixed() -> World:
    rows: list[Any] = []
    for n in range(300):
        rows += [event(f"t{n}", str(n + 1)), claim(f"t{n}", str(n + 1 + n % 3))]
    return world(*rows)


def test_threads_with_a_cursor_each_get_right_answers(engine):
    """Threads that shared one connection got 13 of 800 answers wrong, without an error."""
    reconcile_by_sql(engine, mixed())
    questions = tuple(f"matching/{name}" for name in ("bridge_out", "bucket_total", "class_sum"))
    expected = {name: sorted(engine.query(name), key=str) for name in questions}

    def ask(number: int) -> bool:
        cursor = engine.cursor()
        name = questions[number % len(questions)]
        right = sorted(cursor.query(name), key=str) == expected[name]
        cursor.close()
        return right

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(120)))


def test_sums_leave_the_engine_as_decimals(engine, tmp_path):
    """A HUGEINT would be a DOUBLE in Parquet, and money a float."""
    reconcile_by_sql(engine, mixed())
    for table in ("bridge", "row_in_scope", "clean_sum"):
        engine.write_parquet(tmp_path / f"{table}.parquet", table)
        engine.view_parquet("written", [str(tmp_path / f"{table}.parquet")])
        assert "DOUBLE" not in {str(kind) for kind in engine._con.table("written").types}, table
