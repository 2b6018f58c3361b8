"""The money of findings is what the bridge has of them, in every currency, however it is summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deciding_world import record_run
from reconcile import FindingFilter, Store, bridge, decide, finding_totals, findings, headlines
from reconcile.filtering import finding_tables
from reconcile.terms import RowClass
from tests.matching_worlds import QuickEngine, reconcile_by_sql
from tests.reference import World
from tests.worlds import random_world

SEEDS = (2, 13, 16, 19, 20, 26, 28, 35, 43, 50)
"""Of random worlds in which there are pairs in two currencies; most have none."""
Sums = dict[tuple[Any, ...], Decimal]


@dataclass(frozen=True)
class Worlds:
    """A stored run of many random worlds; the money of each is in currencies of its own."""

    store: Store
    run: str
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Reconcile the worlds one by one and keep all that a run of each would keep as one run."""
    rows: list[pa.Table] = []
    buckets: list[pa.Table] = []
    with closing(QuickEngine()) as engine:
        for seed in SEEDS:
            reconcile_by_sql(engine, _in_two_currencies(seed))
            engine.table("run_row", "matching/row_stored")
            rows.append(_marked(engine._con.table("run_row").to_arrow_table(), seed))
            buckets.append(_marked(engine._con.table("bridge").to_arrow_table(), seed))
    kept = {"run_row": pa.concat_tables(rows), "bridge": pa.concat_tables(buckets)}
    with Store(tmp_path_factory.mktemp("worlds")) as store:
        folder = store.new_run_dir()
        for name, table in kept.items():
            pq.write_table(table, folder / f"{name}.parquet")
        yield Worlds(store, record_run(store, folder), kept["run_row"].to_pylist())


def _in_two_currencies(seed: int) -> World:
    """Return a random world, some of whose claims are in another currency or name none."""
    rng, world = Random(seed), random_world(seed)
    codes = ("EUR", None)
    claims = (replace(one, currency=rng.choice([one.currency, *codes])) for one in world.claims)
    return replace(world, claims=tuple(claims))


def _marked(table: pa.Table, world: int) -> pa.Table:
    """Tell batches, which are named like their files here, and currencies of worlds apart."""
    for name, of in (("batch", "file"), ("partner_batch", "partner_file"), ("currency",) * 2):
        if name in table.column_names:
            told = [value and f"{world} {value}" for value in table[of].to_pylist()]
            place = table.column_names.index(name)
            table = table.set_column(place, name, pa.array(told, pa.string()))
    return table


def _sums(rows: Iterable[dict[str, Any]], amount: str, *names: str) -> Sums:
    """Add up an amount by some columns; what is nothing is left out."""
    sums: defaultdict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[tuple(row[name] for name in names)] += row[amount] or 0
    return {key: value for key, value in sums.items() if value}


def _money(worlds: Worlds) -> list[dict[str, Any]]:
    with finding_tables(worlds.store, worlds.run) as engine:
        answer = engine._con.table("finding_money")
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]


def test_the_money_of_findings_adds_up_to_the_bridge(worlds):
    """By currency and bucket, to the last digit; pairs in two currencies are among them."""
    rows = _money(worlds)
    assert sum(not row["is_own"] for row in rows) > len(SEEDS)
    for row in rows:
        row["bucket"] = row["class"] if row["reason"] is None else f"{row['class']}:{row['reason']}"
    steps = [
        row
        for row in bridge(worlds.store, worlds.run)
        if (known := row["bucket"].partition(":")[0]) in set(RowClass)
        and RowClass(known).is_finding
    ]
    assert len(steps) > len(SEEDS)
    by = ("currency", "bucket")
    assert _sums(rows, "bridge", *by) == _sums(steps, "amount", *by)


def test_every_total_is_what_the_rows_have_at_stake(worlds):
    """What lists, headlines, bulk decisions and the report add up, beside the run's own rows."""
    stakes = [
        {**row, "at_stake": abs(row["bridge"])}
        for row in worlds.rows
        if RowClass(row["class"]).is_finding and (row["side"] == "claim" or not row["shared"])
    ]
    by = ("class", "currency")
    expected = _sums(stakes, "at_stake", *by)
    store, run = worlds.store, worlds.run
    totals = finding_totals(store, run)
    tried = decide(store, run, "dispute", only=FindingFilter(), dry_run=True)
    with finding_tables(store, run, kept=True) as engine:
        standing = engine.records("reporting/standing", gone=False)
    for told in (_money(worlds), totals, tried.totals, standing):
        assert _sums(told, "at_stake", *by) == expected
    lines = [
        {"currency": line.currency, "at_stake": line.at_stake} for line in headlines(store, run)
    ]
    assert _sums(lines, "at_stake", "currency") == _sums(stakes, "at_stake", "currency")
    listed = findings(store, run, limit=10**9)
    own = _sums(listed, "at_stake", *by)
    other = _sums(listed, "other_at_stake", "class", "other_currency")
    assert {key: own.get(key, 0) + other.get(key, 0) for key in own | other} == expected
    for told in (totals, tried.totals):
        assert sum(row["findings"] for row in told) == len(listed)
        assert sum(row["elsewhere"] for row in told) == sum(
            row["other_at_stake"] is not None for row in listed
        )


def test_a_currency_finds_each_finding_that_has_money_in_it(worlds):
    """Whichever side names it."""
    some = next(row for row in _money(worlds) if not row["is_own"] and row["currency"])
    mine = {row["ref"] for row in _money(worlds) if row["currency"] == some["currency"]}
    only = FindingFilter(currency=some["currency"])
    found = findings(worlds.store, worlds.run, only=only, limit=10**9)
    assert {row["ref"] for row in found} == mine
    assert some["ref"] in mine
