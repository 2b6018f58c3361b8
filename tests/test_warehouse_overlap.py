"""Re-import: copies of a row in overlapping batches of one sender count once."""

from __future__ import annotations

from itertools import permutations

import pytest

from reconcile.engine import Engine
from reconcile.terms import Kind
from reconcile.warehouse import attaching, open_store
from tests.warehouse_data import day, load, names, row


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def rows(first: int, last: int) -> list[dict[str, object]]:
    """Return one row a day, named by it."""
    return [row(f"r{at:02}", at) for at in range(first, last + 1)]


@pytest.mark.parametrize("kind", [Kind.EVENT, Kind.CLAIM])
def test_rows_1_to_10_then_5_to_15_then_undo(store, kind):
    """Each row counts once, from the newer file; undoing either leaves the other whole."""
    first = load(store, "a.csv", rows(1, 10), kind=kind)
    second = load(store, "b.csv", rows(5, 15), kind=kind)
    old = [(f"r{at:02}", "a.csv") for at in range(1, 11)]
    new = [(f"r{at:02}", "b.csv") for at in range(5, 16)]
    assert names(store, kind) == old[:4] + new
    store.undo(first.id)
    assert names(store, kind) == new
    store.undo(second.id)
    assert names(store, kind) == []
    load(store, "a.csv", rows(1, 10), kind=kind)
    assert names(store, kind) == old


def test_the_newest_export_wins_whatever_the_order_of_import(home, tmp_path):
    """Three files that overlap, imported in all six orders, always give the same rows."""
    files = [("a.csv", 1, 6), ("b.csv", 4, 9), ("c.csv", 5, 12)]
    answers = set()
    for number, order in enumerate(permutations(files)):
        with open_store(tmp_path / str(number)) as store:
            for name, first, last in order:
                load(store, name, rows(first, last), exported=last)
            answers.add(tuple(names(store)))
    expected = ["a.csv"] * 3 + ["b.csv"] + ["c.csv"] * 8
    assert answers == {tuple((f"r{at:02}", name) for at, name in enumerate(expected, 1))}


def test_equal_rows_within_a_file_all_count(store):
    """Two equal rows in one file and one in the other are two rows."""
    load(store, "a.csv", [row("x", 1), row("x", 1, occ=2)])
    load(store, "b.csv", [row("x", 1)])
    assert names(store) == [("x", "a.csv"), ("x", "b.csv")]


def test_senders_are_apart_and_none_is_one_of_them(store):
    """Equal rows of different senders are different rows; those of no sender count once."""
    for name, sender in (("a", "acme"), ("b", "best"), ("c", None), ("d", None)):
        load(store, name, [row("x", 1)], sender=sender)
    assert names(store) == [("x", "a"), ("x", "b"), ("x", "d")]


def test_only_overlapping_batches_pay(store):
    """The day after is no overlap: its batch is read straight, beside two that overlap."""
    for name, first, last in (("a", 1, 4), ("b", 4, 6), ("c", 7, 9)):
        load(store, name, rows(first, last))
    engine = Engine()
    store.attach(engine, store.batches())
    parts = engine._con.execute("select file_no, part from batch_file order by all").fetchall()
    assert parts == [(1, 1), (2, 1), (3, None)]
    [(total, days)] = engine._con.execute(
        "select count(*), count(distinct key) from (select *, row_hi as key from event)"
    ).fetchall()
    assert (total, days) == (9, 9)


def test_batches_without_times_overlap_all_others(store):
    """Undated rows are compared too; a stated period keeps two such files apart."""
    load(store, "a", [row("x", None)])
    load(store, "b", [row("x", None), row("y", 3)])
    assert names(store) == [("x", "b"), ("y", "b")]
    for batch in store.batches():
        store.undo(batch.id)
    load(store, "c", [row("x", None)], period_from=day(1), period_to=day(2))
    load(store, "d", [row("x", None)], period_from=day(2), period_to=day(3))
    assert names(store) == [("x", "c"), ("x", "d")]


def test_of_a_lead_the_newest_batch_counts(store):
    """A lead that changed counts as it is now; one without an id is known by its whole row."""
    old = [row("new", 1, lead="1"), row("kept", 2, lead="2"), row("no id", 2)]
    new = [row("sold", 1, lead="1"), row("other", 2, lead="3"), row("no id", 2)]
    load(store, "a", old, kind=Kind.LEAD, exported=3)
    newer = load(store, "b", new, kind=Kind.LEAD, exported=4)
    expected = [("kept", "a"), ("no id", "b"), ("other", "b"), ("sold", "b")]
    assert names(store, Kind.LEAD) == expected
    store.undo(newer.id)
    assert names(store, Kind.LEAD) == [("kept", "a"), ("new", "a"), ("no id", "a")]


def test_two_rows_of_a_lead_in_one_file_both_count(store):
    """Which of them is right is for matching to see, with or without an older batch."""
    load(store, "a", [row("x", 1, lead="1"), row("q", 3, lead="9")], kind=Kind.LEAD)
    both = [row("y", 1, lead="1"), row("z", 2, lead="1")]
    load(store, "b", both, kind=Kind.LEAD)
    assert names(store, Kind.LEAD) == [("q", "a"), ("y", "b"), ("z", "b")]


def test_absent_kinds_are_empty_tables_of_the_same_columns(store):
    """With no batch at all every table is there, typed; columns equal those of a full one."""
    empty, full = Engine(), Engine()
    store.attach(empty, [])
    for kind in Kind:
        load(store, f"{kind}", [row("x", 1)], kind=kind)
        load(store, f"{kind} again", [row("x", 1), row("y", 9)], kind=kind)
        load(store, f"{kind} later", [row("z", 12)], kind=kind)
    store.attach(full, store.batches())
    for kind in Kind:
        shapes = [
            [(n, str(t)) for n, t in zip(v.columns, v.types, strict=True)]
            for v in (empty._con.table(kind), full._con.table(kind))
        ]
        assert shapes[0] == shapes[1]
        assert len(empty._con.table(kind)) == 0
        assert len(full._con.table(kind)) == 3
    assert len(empty._con.table("source_file")) == 0


def test_attaching_again_replaces(store):
    """An engine may be given other batches: overlapping, straight, none, in any order."""
    made = [load(store, name, [row("x", 1)]) for name in "ab"]
    engine = Engine()
    counts = []
    for chosen in (made, made[:1], [], made[1:], made):
        store.attach(engine, chosen)
        counts.append(len(engine._con.table("event")))
    assert counts == [1, 1, 0, 1, 1]


def test_files_are_numbered_in_the_order_given(store):
    """`source_file` says which file a number stands for, and what it states."""
    event = load(store, "e.csv", [row("x", 1)], has_amount=False)
    claim = load(
        store,
        "c.csv",
        [row("y", 1)],
        kind=Kind.CLAIM,
        sender="acme",
        period_from=day(1),
        period_to=day(5),
    )
    engine = Engine()
    store.attach(engine, [claim, event])
    found = engine._con.execute("select * from source_file order by file_no").fetchall()
    assert found == [
        (1, "claim", claim.id, "c.csv", "acme", True, day(1), day(5)),
        (2, "event", event.id, "e.csv", None, False, None, None),
    ]
    assert engine._con.execute("select file_no from event").fetchall() == [(2,)]


@pytest.mark.parametrize("in_memory", [9, 1])
def test_many_small_batches_are_read_once_into_memory(store, monkeypatch, in_memory):
    """Beside large and overlapping ones, as many as there is room for; each row counts once."""
    monkeypatch.setattr(attaching, "MANY_BATCHES", 1)
    monkeypatch.setattr(attaching, "SMALL_BATCH", 3)
    monkeypatch.setattr(attaching, "ROWS_IN_MEMORY", in_memory)
    for name, first, last in (("a", 1, 1), ("b", 2, 3), ("c", 4, 9), ("d", 10, 12), ("e", 12, 13)):
        load(store, name, rows(first, last))
    engine = Engine()
    store.attach(engine, store.batches())
    tables = {name for (name,) in engine._con.execute("show tables").fetchall()}
    assert {"event_gathered", "event_newest", "event_straight"} <= tables
    kept = {1: 1, 9: 5}[in_memory]
    assert len(engine._con.table("event_gathered")) == kept
    assert len(engine._con.table("event")) == 13
    assert names(store)[-3:] == [("r11", "d"), ("r12", "e"), ("r13", "e")]
