"""Batches: stored once, hidden by undo, found again by id."""

from __future__ import annotations

import pytest

from reconcile.engine import Engine
from reconcile.errors import NotFound, WarehouseError
from reconcile.terms import EventSetting, Kind, Known
from reconcile.warehouse import open_store
from tests.warehouse_data import StandIn, day, leftovers, load, names, record, row, upload


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def test_home_is_the_argument_else_the_variable_else_data(home, tmp_path, monkeypatch):
    """The three places in their order."""
    monkeypatch.chdir(tmp_path)
    homes = []
    for chosen in (tmp_path / "stated", None):
        with open_store(chosen) as store:
            homes.append(store.home)
    monkeypatch.delenv("RECONCILE_HOME")
    with open_store() as store:
        homes.append(store.home)
    assert homes == [tmp_path / "stated", home, tmp_path / "data"]


def test_a_batch_keeps_what_importing_said(store):
    """Every field of the staged file comes back from the catalog as it was."""
    said = {
        "sender": "acme",
        "campaigns": ["c1", "c2"],
        "buyers": ["Acme Ltd"],
        "mapping": {"transaction_id": "Lead ID"},
        "status_words": {"sold": "approved"},
        "status_events": {"sold": "sale"},
        "line_classes": {"header": 1, "data": 1},
        "period_from": day(1),
        "period_to": day(2),
        "cut_off": True,
    }
    made = load(store, "Ärger.csv", [row("x", 1)], exported=3, **said)
    batch = store.batch(made.id)
    assert batch == made
    assert batch.mapping == '{"transaction_id":"Lead ID"}'
    assert (batch.campaigns, batch.buyers) == (("c1", "c2"), ("Acme Ltd",))
    assert (batch.period_from, batch.period_to, batch.exported_at) == (day(1), day(2), day(3))
    assert (batch.status_words, batch.status_events) == ({"sold": "approved"}, {"sold": "sale"})
    assert (batch.file, batch.user, batch.opened["encoding"]) == ("Ärger.csv", "ann", "utf-8")
    assert (batch.cut_off, batch.confirmed, batch.format_version) == (True, False, 1)
    assert len({batch, made}) == 1


def test_the_same_bytes_twice_are_one_batch(store):
    """The second import returns the first batch; as another kind the file is another batch."""
    first = load(store, "a.csv", [row("x", 1)])
    assert load(store, "copy of a.csv", [row("x", 1)], sha256="a.csv") == first
    assert load(store, "a.csv", [row("x", 1)], kind=Kind.CLAIM).kind is Kind.CLAIM
    assert [batch.kind for batch in store.batches()] == [Kind.EVENT, Kind.CLAIM]
    assert store.batches(Kind.EVENT) == [first]
    assert store.find_by_hash("a.csv", Kind.LEAD) is None


def test_undo_hides_and_the_file_may_come_again(store):
    """Undone twice, the first time stays; imported again, it is a new batch."""
    first = load(store, "a.csv", [row("x", 1)])
    undone = store.undo(first.id)
    assert undone.undone_at is not None
    assert store.undo(first.id) == undone
    assert store.batches() == []
    assert names(store) == []
    again = load(store, "a.csv", [row("x", 1)])
    assert store.batches() == [again]
    assert store.batches(with_undone=True) == [undone, again]


def test_ids_sort_by_time(store):
    """The order of ids is the order of import, where the clock's milliseconds differ."""
    made = [load(store, name, [row("x", at)]) for at, name in enumerate("abcde", 1)]
    assert sorted(made, key=lambda batch: batch.id) == made == store.batches()


def test_an_unknown_id_lists_the_nearest(store):
    """The error names ids that exist, or says that there are none."""
    with pytest.raises(NotFound, match="no batch 'x'; there is no batch yet"):
        store.undo("x")
    batch = load(store, "a.csv", [row("x", 1)])
    for change in (store.undo, store.confirm, store.batch):
        with pytest.raises(NotFound, match=f"the nearest are {batch.id}"):
            change(batch.id[:-1] + "z")


def test_rejected_rows_are_kept_with_the_batch(store):
    """Those of other files in the same engine are left out."""
    engine = Engine()
    columns = {"file_no": "integer", "line_no": "bigint", "column_name": "varchar"}
    columns |= {"value": "varchar", "reason": "varchar"}
    rejects = [(1, 3, "revenue", "abc", "no amount"), (2, 4, "revenue", "x", "no amount")]
    engine.upload("rejected_row", columns, rejects)
    upload(engine, Kind.EVENT, [row("x", 1)])
    staged = StandIn("a.csv", rows=1, rejected=1)
    batch = store.commit(engine, "event", staged, user=None)
    engine.view_parquet("kept", [str(batch.rejects_path)])
    kept = engine._con.execute("select * from kept").fetchall()
    assert kept == [(batch.id, "a.csv", 3, "revenue", "abc", "no amount")]


def test_a_table_that_is_not_canonical_is_refused(store):
    """The text names each wrong column; nothing stays behind."""
    engine = Engine()
    engine.upload("event", {"file_no": "integer", "line_no": "varchar"}, [(1, "2")])
    with pytest.raises(WarehouseError, match=r"a.csv: .*line_no is VARCHAR, not BIGINT"):
        store.commit(engine, "event", StandIn("a.csv", rows=1), user=None)
    assert store.batches() == []
    assert leftovers(store) == []


def test_a_count_that_does_not_add_up_is_refused(store):
    """Two rows were read, one is in the table: that is a defect, not a batch."""
    with pytest.raises(WarehouseError, match="1 rows of event were written, 2 were read"):
        load(store, "a.csv", [row("x", 1)], counted=2)
    assert leftovers(store) == []


def fail(name: str, **row: object) -> int:
    """Fail as a catalog on a full disk does."""
    raise WarehouseError("disk full")


def test_a_catalog_that_fails_leaves_no_folder(store, monkeypatch):
    """The rename has happened; the row cannot be written; the folder goes again."""
    with monkeypatch.context() as patch:
        patch.setattr(store.catalog, "execute", fail)
        with pytest.raises(WarehouseError, match="disk full"):
            load(store, "a.csv", [row("x", 1)])
    assert leftovers(store) == []
    assert load(store, "a.csv", [row("x", 1)]).rows == 1


def test_a_missing_file_and_a_newer_format_are_told(store):
    """Both errors name the batch and what to do."""
    batch = load(store, "a.csv", [row("x", 1)])
    store.catalog._connection().execute("update batch set format_version = 99")
    with pytest.raises(WarehouseError, match=r"newer release .format 99"):
        names(store)
    batch.rows_paths[0].unlink()
    store.catalog._connection().execute("update batch set format_version = 1")
    with pytest.raises(WarehouseError, match=r"a.csv.*parquet is missing. Restore"):
        names(store)


def test_the_doctor_names_what_is_wrong_on_disk(store):
    """A batch without its file, and a folder without its batch, are both told."""
    batch = load(store, "a.csv", [row("x", 1)])
    sound = store.doctor()
    batch.rows_paths[0].rename(store.warehouse / "event" / "elsewhere.parquet")
    (store.warehouse / "event" / "batch=lost").mkdir()
    found = store.doctor()[len(sound) :]
    assert [text.split(":")[0] for text in found] == [f"batch {batch.id} (a.csv)", "batch=lost"]


def test_rows_may_be_in_several_files(store):
    """All of them are read, and each that is missing is told."""
    batch = load(store, "a.csv", [row("x", 1), row("y", 2)])
    (whole,) = batch.rows_paths
    engine = Engine()
    for number in range(2):
        engine._con.execute(
            f"copy (from read_parquet('{whole}') where line_no = {number + 2}) "
            f"to '{batch.path}/rows-{number:04}.parquet' (format parquet)"
        )
    whole.unlink()
    change = "update batch set parts = 2, format_version = 2"
    store.catalog._connection().execute(change)
    assert names(store) == [("x", "a.csv"), ("y", "a.csv")]
    sound = len(store.doctor())
    store.batch(batch.id).rows_paths[1].unlink()
    assert "rows-0001.parquet" in store.doctor()[sound]


def test_a_home_whose_name_looks_like_a_pattern(tmp_path):
    """Brackets, stars and `key=value` in folder names mean nothing to the engine."""
    with open_store(tmp_path / "env=prod" / "old [1] a*b?") as store:
        load(store, "a.csv", [row("x", 1)])
        load(store, "b.csv", [row("y", 1)])
        assert names(store) == [("x", "a.csv"), ("y", "b.csv")]


def test_settings_are_replaced_by_key_and_their_history_is_kept(store):
    """One of two settings changes; the other stays, and the old answer is still on record."""
    sale = EventSetting("c1", "sale", "Sale", Known.YES, Known.NO, 2)
    call = EventSetting("c1", "call", None, Known.NO, Known.UNKNOWN, 1)
    store.replace_settings([sale, call])
    store.replace_settings([call])
    changed = EventSetting("c1", "sale", "Sale", Known.YES, Known.YES, 2)
    store.replace_settings([changed])
    assert store.settings() == [call, changed]
    asked = "select event_id, allows_duplicates from event_setting order by number"
    history = [tuple(found) for found in store.catalog._connection().execute(asked)]
    assert history == [("sale", "no"), ("call", "unknown"), ("sale", "yes")]


def test_a_run_is_seen_only_when_recorded(store):
    """Its folder appears whole, with its record, the newest first."""
    folder = store.new_run_dir()
    (folder / "summary.json").write_text("{}")
    run = record(folder.name)
    assert store.runs() == []
    path = store.record_run(run)
    assert path == store.run_path(run.id)
    assert [item.name for item in path.iterdir()] == ["summary.json"]
    assert store.runs() == [store.run(run.id)] == [run]
    with pytest.raises(NotFound, match="no run 'x'; the nearest are"):
        store.run("x")


def test_a_discarded_run_leaves_nothing(store, monkeypatch):
    """Nor does one whose record cannot be written."""
    store.discard_run(store.new_run_dir().name)
    bad = store.new_run_dir()
    with monkeypatch.context() as patch:
        patch.setattr(store.catalog, "execute", fail)
        with pytest.raises(WarehouseError, match="disk full"):
            store.record_run(record(bad.name))
    store.discard_run(bad.name)
    assert [path.name for path in store.runs_folder.iterdir()] == [".incoming"]
    assert list((store.runs_folder / ".incoming").iterdir()) == []


def test_two_writers_in_one_home_wait_for_each_other(store):
    """Who waits too long is told that another process writes."""
    with store.write_lock(), pytest.raises(WarehouseError, match="another process has been"):
        store.write_lock(timeout=0.01).__enter__()
