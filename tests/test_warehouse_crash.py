"""A process killed at any point of an import leaves nothing visible and nothing in the way."""

from __future__ import annotations

import pytest

from reconcile.warehouse import open_store
from tests.warehouse_data import leftovers, load, names, python, record, row

BEFORE_THE_CATALOG = [
    "commit.before_write",
    "commit.after_write",
    "commit.before_fsync",
    "commit.after_fsync",
    "commit.before_rename",
    "commit.after_rename",
]
KILLED = 137


def die(home, point: str, code: str = 'load(store, "a.csv", [row("x", 1)])') -> None:
    """Run `code` in a process that dies at a failpoint."""
    process = python(code, home, RECONCILE_FAILPOINT=point)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == KILLED, errors


@pytest.mark.parametrize("point", BEFORE_THE_CATALOG)
def test_killed_before_the_catalog_row(home, point):
    """Nothing is visible; the same file is imported as if nothing had been; leftovers are swept."""
    die(home, point)
    with open_store() as store:
        assert store.batches(with_undone=True) == []
        assert names(store) == []
        assert leftovers(store) != []
        batch = load(store, "a.csv", [row("x", 1)])
        assert leftovers(store) == [f"batch={batch.id}"]
        assert names(store) == [("x", "a.csv")]
        load(store, "b.csv", [row("y", 5)])
        assert names(store) == [("x", "a.csv"), ("y", "b.csv")]


def test_killed_after_the_catalog_row(home):
    """The batch is there; importing again changes nothing; the marker goes, the batch stays."""
    die(home, "commit.after_catalog")
    with open_store() as store:
        [batch] = store.batches()
        assert load(store, "a.csv", [row("x", 1)]) == batch
        load(store, "b.csv", [row("y", 5)])
        assert names(store) == [("x", "a.csv"), ("y", "b.csv")]
        assert [name for name in leftovers(store) if name.endswith(".lock")] == []


def test_killed_again_and_again(home):
    """Dead processes, however many, are swept together by the one that lives."""
    for point in BEFORE_THE_CATALOG[1::2]:
        die(home, point)
    with open_store() as store:
        batch = load(store, "a.csv", [row("x", 1)])
        assert leftovers(store) == [f"batch={batch.id}"]


def test_what_another_process_is_writing_is_not_swept(home):
    """A folder whose writer lives survives the imports of others."""
    with open_store() as writer, open_store() as other:
        folder = writer.new_run_dir()
        (folder / "summary.json").write_text("{}")
        load(other, "a.csv", [row("x", 1)])
        assert writer.record_run(record(folder.name)).joinpath("summary.json").is_file()


def test_a_folder_nobody_is_known_to_have_left_is_never_removed(home):
    """With the catalog restored from an older copy, newer batches are invisible, not deleted."""
    with open_store() as store:
        batch = load(store, "a.csv", [row("x", 1)])
        store.catalog._connection().execute("delete from batch")
        load(store, "b.csv", [row("y", 2)])
        assert all(path.is_file() for path in batch.rows_paths)
        assert names(store) == [("y", "b.csv")]


RUN = """
folder = store.new_run_dir()
(folder / "summary.json").write_text("{}")
store.record_run(record(folder.name))
"""


@pytest.mark.parametrize("point", ["run.before_fsync", "run.before_rename", "run.after_rename"])
def test_a_run_killed_before_its_record(home, point):
    """It is not listed, and its folder is swept."""
    die(home, point, RUN)
    with open_store() as store:
        assert store.runs() == []
        store.discard_run(store.new_run_dir().name)
        assert [path.name for path in store.runs_folder.iterdir()] == [".incoming"]
        assert list((store.runs_folder / ".incoming").iterdir()) == []


def test_a_run_killed_after_its_record(home):
    """It is listed, and stays when others are swept."""
    die(home, "run.after_catalog", RUN)
    with open_store() as store:
        store.discard_run(store.new_run_dir().name)
        [run] = store.runs()
        assert (store.run_path(run.id) / "summary.json").is_file()
