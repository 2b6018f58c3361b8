"""Compacting merges files, and nothing that anybody can ask of the warehouse changes."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reconcile import Kind, RunParameters, import_file, plan, run, run_again
from reconcile.engine import Engine
from reconcile.errors import WarehouseError
from reconcile.reading import explain, rejected_rows
from reconcile.state import new_lock
from reconcile.warehouse import FORMAT_VERSION, Store, compact, compacting, open_store
from tests.warehouse_data import load, names, python, row

DATA = Path(__file__).parent / "data"
NOVEMBER = RunParameters(date(2026, 11, 1), date(2026, 12, 1), "UTC")
AT_ONCE = timedelta(seconds=-1)
KILLED = 137


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def fill(store: Store) -> list[str]:
    """Load six small batches, two of them overlapping and one undone; return their ids."""
    made = [
        load(store, f"{at}", [row(f"r{at}", at), row(f"s{at}", at)], exported=at)
        for at in range(1, 5)
    ]
    made.append(load(store, "again", [row("r4", 4), row("t5", 5)], exported=9))
    made.append(load(store, "wrong", [row("u6", 6)]))
    store.undo(made[-1].id)
    return [batch.id for batch in made]


def files(store: Store) -> list[str]:
    """Return the Parquet files below the warehouse."""
    return sorted(
        path.relative_to(store.warehouse).as_posix() for path in store.warehouse.rglob("*.parquet")
    )


EXPECTED = [
    *[("r1", "1"), ("r2", "2"), ("r3", "3"), ("r4", "again")],
    *[("s1", "1"), ("s2", "2"), ("s3", "3"), ("s4", "4"), ("t5", "again")],
]


def test_what_counts_is_the_same_and_so_is_undo(store):
    """One file instead of six; each batch is still one that can be taken out, or was."""
    ids = fill(store)
    assert names(store) == EXPECTED
    done = compact(store)
    assert (done.batches, done.packs, done.removed, done.waiting) == (6, 1, 0, 6)
    assert names(store) == EXPECTED
    assert len({batch.pack for batch in store.batches(with_undone=True)}) == 1
    store.undo(ids[4])
    assert names(store) == sorted([e for e in EXPECTED if e[1] != "again"] + [("r4", "4")])
    store.undo(ids[0])
    assert ("r1", "1") not in names(store)
    assert [text for text in store.doctor() if not text.startswith("SQLite")] == []


def test_with_nothing_to_do_nothing_is_done(store):
    """A second call only removes what the first one replaced, once nobody can be reading it."""
    assert compact(store) == compacting.Compacted(0, 0, 0, 0)
    fill(store)
    compact(store)
    assert compact(store) == compacting.Compacted(0, 0, 0, 6)
    before = names(store)
    assert compact(store, grace=AT_ONCE) == compacting.Compacted(0, 0, 6, 0)
    assert len(files(store)) == 1
    assert not list(store.warehouse.glob("*/batch=*"))
    assert names(store) == before
    assert compact(store, grace=AT_ONCE) == compacting.Compacted(0, 0, 0, 0)


def test_what_comes_later_joins_the_pack(store):
    """New batches are merged with the last pack, which is then retired like any other file."""
    fill(store)
    compact(store, grace=AT_ONCE)
    load(store, "new", [row("n7", 7)])
    done = compact(store, grace=AT_ONCE)
    assert (done.batches, done.packs) == (7, 1)
    compact(store, grace=AT_ONCE)
    assert len(files(store)) == 1
    assert names(store) == sorted([*EXPECTED, ("n7", "new")])


def test_a_pack_is_a_slice_of_time_and_not_too_large(store, monkeypatch):
    """Large batches keep a file of their own; a run of a day opens few packs."""
    monkeypatch.setattr(compacting, "ROWS_IN_A_PACK", 4)
    for at in (5, 1, 4, 2, 3):
        load(store, f"{at}", [row(f"r{at}", at), row(f"s{at}", at)])
    load(store, "large", [row(f"l{number}", 6) for number in range(5)])
    compact(store)
    packs = {batch.file: batch.pack for batch in store.batches()}
    assert packs["1"] == packs["2"] != packs["3"] == packs["4"]
    # Alone in its pack, because it is of format 1; the next time it stays as it is.
    assert list(packs.values()).count(packs["large"]) == 1
    assert list(packs.values()).count(packs["5"]) == 1
    assert compact(store).packs == 0


def test_readers_that_began_before_read_on(store):
    """An engine that is attached to the old files still answers."""
    fill(store)
    engine = Engine()
    store.attach(engine, store.batches())
    compact(store)
    compact(store)
    assert len(engine._con.table("event")) == len(EXPECTED)


def without_correction(store: Store) -> str:
    """Take the corrected report back, and return what a run says then."""
    store.undo(next(b.id for b in store.batches() if b.file == "acme_corrected.csv"))
    return store.run(run(store, NOVEMBER).id).result_sha256


def test_kinds_are_apart_and_rejected_rows_stay(home, tmp_path):
    """A warehouse of an old format becomes one of the newest; what it says stays."""
    for folder in (home, tmp_path / "old"):
        shutil.copytree(DATA / "warehouse_v1", folder, dirs_exist_ok=True)
    with open_store(tmp_path / "old") as store:
        said = without_correction(store)
    with open_store() as store:
        (old,) = store.runs()
        before = run(store, NOVEMBER)
        done = compact(store, grace=AT_ONCE)
        assert (done.batches, done.packs) == (8, 3)
        compact(store, grace=AT_ONCE)
        batches = store.batches(with_undone=True)
        assert {batch.format_version for batch in batches} == {FORMAT_VERSION}
        (rejected,) = [batch for batch in batches if batch.rejected]
        assert [reject["value"] for reject in rejected_rows(store, rejected.id)] == ["forty"]
        assert len(files(store)) == 3 + 1
        assert run_again(store, before.id).reproduced is True
        again = run(store, NOVEMBER)
        digests = {store.run(one.id).result_sha256 for one in (before, again)}
        assert len(digests) == 1
        missing = next(b for b in batches if b.file == "acme_2.csv")
        assert explain(store, old.id, f"claim:{missing.id}:3").source["file"] == "acme_2.csv"
        assert plan(store, old.id).rows == 0
        assert without_correction(store) == said
        for path in store.warehouse.rglob("pack=*/*.parquet"):
            names_in = pq.read_schema(path).names
            assert "occ" not in names_in
            assert pq.read_table(path, columns=["row_hi"])["row_hi"].null_count > 0


def test_what_the_catalog_does_not_expect_is_refused(store):
    """A file with other rows than were imported is not merged into anything."""
    fill(store)
    first = store.batches()[0]
    store.catalog._connection().execute("update batch set rows = 3 where id = ?", [first.id])
    with pytest.raises(WarehouseError, match=f"{first.id}: its files hold 2 rows, .* says 3"):
        compact(store)
    assert not list(store.warehouse.glob("*/pack=*"))
    assert not any(batch.pack for batch in store.batches())


def test_a_missing_file_is_left_to_the_doctor(store):
    """The others are packed; its batch stays where it was."""
    fill(store)
    first = store.batches()[0]
    first.rows_paths[0].unlink()
    assert compact(store).batches == 5
    assert store.batch(first.id).pack is None
    assert any(first.id in text for text in store.doctor())


def test_only_one_process_compacts(store):
    """The other is told that there is no need to."""
    fill(store)
    lock = new_lock(store.home / "compact.lock")
    lock.acquire()
    with pytest.raises(WarehouseError, match="another process is compacting"):
        compact(store)
    lock.release()
    assert compact(store).packs == 1


POINTS = [
    *["pack.before_write", "pack.after_write", "pack.before_fsync", "pack.after_fsync"],
    *["pack.before_rename", "pack.after_rename", "pack.after_catalog"],
]
COMPACT = """
from datetime import timedelta
from reconcile.warehouse import compact
compact(store, grace=timedelta(seconds=-1))
"""


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point(home, point):
    """The old files or the new one are in force; the next call ends the work, nothing is left."""
    with open_store() as store:
        fill(store)
    process = python(COMPACT, home, RECONCILE_FAILPOINT=point)
    _, errors = process.communicate(timeout=100)
    assert process.returncode == KILLED, errors
    with open_store() as store:
        assert names(store) == EXPECTED
        packed = {batch.pack is not None for batch in store.batches(with_undone=True)}
        assert packed == {point == "pack.after_catalog"}
        compact(store)
        load(store, "next", [row("z9", 9)])  # an import sweeps what the dead left
        compact(store, grace=AT_ONCE)
        compact(store, grace=AT_ONCE)
        assert len(files(store)) == 1
        assert names(store) == sorted([*EXPECTED, ("z9", "next")])
        assert list((store.warehouse / ".incoming").iterdir()) == []


def test_killed_while_removing(home):
    """The file is gone, its row is not: the next call forgets it."""
    with open_store() as store:
        fill(store)
        compact(store)
    process = python(COMPACT, home, RECONCILE_FAILPOINT="pack.after_remove")
    _, errors = process.communicate(timeout=100)
    assert process.returncode == KILLED, errors
    with open_store() as store:
        assert compact(store, grace=AT_ONCE).waiting == 0
        assert len(files(store)) == 1
        assert names(store) == EXPECTED


def test_many_small_imports_are_packed_by_themselves(store, tmp_path, monkeypatch):
    """Each time that so many have come; what is large, or in a pack, is left alone."""
    monkeypatch.setattr(compacting, "MANY_LOOSE", 3)
    monkeypatch.setattr(compacting, "SMALL_BATCH", 4)
    outcomes = []
    for at in range(1, 8):
        path = tmp_path / f"{at}.csv"
        rows = 5 if at == 2 else 1
        line = "t{},sale,c1,g1,acme,2026-11-0{}T08:00:00Z,1.00,USD\n"
        head = "transaction_id,event_id,campaign_id,pid,buyer,occurred_at,revenue,currency\n"
        path.write_text(head + "".join(line.format(f"{at}{n}", at) for n in range(rows)))
        outcomes.append(import_file(store, path, kind=Kind.EVENT).batch)
    packs = [batch.pack for batch in store.batches()]
    assert packs[0] == packs[2] == packs[3] is not None
    assert packs[4] == packs[5] == packs[6] not in (None, packs[0])
    assert packs[1] is None
    assert outcomes[3].pack == packs[3]
    assert len(names(store)) == 6 + 5


def test_an_import_is_done_even_if_its_like_cannot_be_packed(store, tmp_path, monkeypatch):
    """A damaged older file must not make a person think that the new one was not loaded."""
    monkeypatch.setattr(compacting, "MANY_LOOSE", 2)
    load(store, "old", [row("x", 1)])
    store.catalog._connection().execute("update batch set rows = 3")
    path = tmp_path / "e.csv"
    path.write_text("transaction_id,event_id,occurred_at\nt1,sale,2026-11-01T08:00:00Z\n")
    batch = import_file(store, path, kind=Kind.EVENT).batch
    assert batch in store.batches()
    assert batch.pack is None
