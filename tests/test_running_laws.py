"""The laws over a store: import twice, undo, run again, and a run against a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reconcile import (
    CompareFiles,
    compare,
    import_file,
    load_mapping,
    load_settings,
    run,
    run_again,
    running,
)
from reconcile.matching.parameters import Cover, RunParameters
from reconcile.running import Run
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store
from tests.matching_worlds import run_parameters
from tests.reference import World
from tests.world_files import write_files
from tests.worlds import random_world

LONG = (datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01"))
EVER = (Cover(None, *LONG),)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home) as store:
        yield store


def storable(seed: int) -> World:
    """Return a world with one file a kind, for ever covered, and a time on every row.

    A stored file that states no period has no say about rows without a time, and covers what its
    rows span: only where that is settled a run and a comparison read the same.
    """
    world = random_world(seed)
    first = {file.kind: replace(file, has_amount=True) for file in reversed(world.files)}
    parts = {
        kind: tuple(
            replace(row, file=first[name].name)
            for row in getattr(world, kind)
            if row.occurred_at is not None and name in first
        )
        for kind, name in (("leads", "lead"), ("events", "event"), ("claims", "claim"))
    }
    covers = dict.fromkeys(("lead_cover", "event_cover", "claim_cover"), ((None, *LONG),))
    params = replace(world.params, **covers)
    return replace(world, files=tuple(first.values()), params=params, **parts)


WORLDS = [w for w in map(storable, range(40)) if w.has_claim_files and w.events and w.claims][:6]


def load(store: Store, world: World, folder: Path) -> None:
    """Write a world's files and import them."""
    write_files(world, folder)
    for file in world.files:
        import_file(store, folder / file.name, kind=Kind(file.kind), sender=file.name, zone="UTC")
    if world.settings:
        store.replace_settings(load_settings(folder / "settings.csv"))


def parameters(world: World) -> RunParameters:
    given = run_parameters(world)
    return replace(given, lead_cover=EVER, event_cover=EVER, claim_cover=EVER)


def result(store: Store, found: Run) -> tuple[object, str]:
    """Return what a run says, without its id, its time and how it was made."""
    return {**found.summary, "work": None}, store.run(found.id).result_sha256


@pytest.mark.usefixtures("all_cores")
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: f"{len(world.events)} events")
def test_a_run_over_a_store_says_what_a_comparison_of_the_files_says(store, tmp_path, world):
    """Rows, classes, totals and bridge."""
    load(store, world, tmp_path)
    paths = {kind: [tmp_path / f.name for f in world.files if f.kind == kind] for kind in Kind}
    settings = tmp_path / "settings.csv" if world.settings else None
    files = CompareFiles(paths[Kind.EVENT], paths[Kind.CLAIM], paths[Kind.LEAD], settings)
    compared = compare(files, parameters(world), tmp_path / "out").summary
    stored = run(store, parameters(world)).summary
    for part in ("findings", "classes", "totals", "bridge", "rows"):
        assert stored[part] == compared[part], part


def test_importing_the_same_file_twice_changes_nothing(store, tmp_path):
    """Neither the batches nor a run over them."""
    load(store, WORLDS[0], tmp_path)
    before, batches = run(store, parameters(WORLDS[0])), store.batches()
    load(store, WORLDS[0], tmp_path)
    assert store.batches() == batches
    assert result(store, run(store, parameters(WORLDS[0]))) == result(store, before)


def test_undoing_a_batch_restores_the_state_before_it(store, tmp_path):
    """The run says what it said before the batch came."""
    load(store, WORLDS[0], tmp_path)
    before = run(store, parameters(WORLDS[0]))
    extra = tmp_path / "more.csv"
    first = WORLDS[0].claims[0]
    extra.write_text(
        "transaction_id,event_id,buyer,occurred_at,revenue,status\n"
        f"surplus,sale,acme,{first.occurred_at.isoformat()}Z,99,approved\n"
    )
    batch = import_file(store, extra, kind=Kind.CLAIM, sender="more").batch
    assert run(store, parameters(WORLDS[0])).summary["rows"] != before.summary["rows"]
    store.undo(batch.id)
    assert result(store, run(store, parameters(WORLDS[0]))) == result(store, before)


def test_a_run_is_repeated_exactly_even_after_an_undo_and_new_settings(store, tmp_path):
    """It keeps its parameters, its settings and its batches; nothing new is stored."""
    load(store, WORLDS[1], tmp_path)
    first = run(store, parameters(WORLDS[1]))
    again = run_again(store, first.id)
    assert (again.reproduced, again.summary) == (True, first.summary)
    for batch in store.batches():
        store.undo(batch.id)
    store.replace_settings([replace(s, is_conversion="no") for s in store.settings()])
    again = run_again(store, first.id)
    assert (again.reproduced, again.summary) == (True, first.summary)
    assert [record.id for record in store.runs()] == [first.id]


FAR = "transaction_id,event_id,buyer,occurred_at,revenue,currency,status\n"
NOV = RunParameters(
    datetime(2026, 11, 1).date(), datetime(2026, 12, 1).date(), "UTC", grace_days=40
)
FEBRUARY = 'sender = "acme"\nzone = "UTC"\n[period]\nfrom = 2027-02-01\nto = 2027-03-01\n'


def test_what_is_not_opened_could_have_changed_nothing(store, tmp_path, monkeypatch):
    """Reports beyond the margin have one word: up to when the buyer has spoken.

    Without it, the claim below would seem to be not due yet, as if February had not been reported.
    """
    files = {
        "events.csv": ROWS.format("t1,sale,acme,2026-11-03T12:00:00Z,5,USD\n"),
        "nov.csv": FAR + "t1,sale,acme,2026-11-03T12:00:00Z,5,USD,approved\n"
        "t2,sale,acme,2026-11-28T12:00:00Z,5,USD,approved\n",
        "feb.csv": FAR + "t9,sale,acme,2027-02-03T12:00:00Z,5,USD,approved\n",
        "july.csv": FAR + "t1,sale,acme,2026-07-03T12:00:00Z,5,USD,approved\n",
    }
    (tmp_path / "feb.toml").write_text(FEBRUARY)
    said = {"feb.csv": load_mapping(tmp_path / "feb.toml")}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        kind = Kind.EVENT if name == "events.csv" else Kind.CLAIM
        import_file(store, tmp_path / name, kind=kind, mapping=said.get(name))
    near = run(store, NOV, whole=True)
    assert len(near.summary["batches"]) == 3
    monkeypatch.setattr(running, "_may_reach", lambda *_: True)
    every = run(store, NOV, whole=True)
    assert len(every.summary["batches"]) == 4
    for part in ("findings", "classes", "totals", "bridge"):
        assert near.summary[part] == every.summary[part], part
    assert "not_due_yet" not in str(near.summary["classes"])


WIDEST = Decimal("12345678901234.1234")
ROWS = "transaction_id,event_id,buyer,occurred_at,revenue,currency\n{}"


def test_the_widest_amount_comes_through_every_file(store, tmp_path):
    """To the last ten-thousandth, in CSV and in Parquet, where no column is a float."""
    events, claims = tmp_path / "events.csv", tmp_path / "claims.csv"
    at = "2026-11-03T12:00:00Z"
    events.write_text(ROWS.format("".join(f"t{n},sale,acme,{at},{WIDEST},USD\n" for n in (1, 2))))
    claims.write_text(ROWS.format(f"t3,sale,acme,{at},{WIDEST},USD\n"))
    given = RunParameters(datetime(2026, 11, 1).date(), datetime(2026, 12, 1).date(), "UTC")
    compare(CompareFiles([events], [claims]), given, tmp_path / "out")
    text = (tmp_path / "out" / "rows.csv").read_text() + (
        tmp_path / "out" / "bridge.csv"
    ).read_text()
    assert text.count(str(WIDEST)) == 3 + 2  # each row's part; missing_event and claims
    assert text.count(str(2 * WIDEST)) == 2  # unclaimed_event and events
    import_file(store, events, kind=Kind.EVENT)
    import_file(store, claims, kind=Kind.CLAIM)
    found = run(store, given)
    totals = found.summary["totals"]
    assert [(t["events"], t["claims"]) for t in totals] == [(str(2 * WIDEST), str(WIDEST))]
    bridge = pq.read_table(found.folder / "bridge.parquet")
    assert sorted(bridge["amount"].to_pylist()) == sorted([2 * WIDEST, -2 * WIDEST, WIDEST, WIDEST])
    for path in sorted(found.folder.glob("*.parquet")):
        types = {field.name: str(field.type) for field in pq.read_schema(path)}
        assert not [name for name, kind in types.items() if kind in ("double", "float")], path.name
    assert str(bridge.schema.field("amount").type) == "decimal128(38, 4)"
