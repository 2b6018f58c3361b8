"""How much memory and how many threads an engine takes, and how many ranges it cuts work into."""

from __future__ import annotations

import os
import tempfile

import pytest

from reconcile.engine import Engine, memory
from reconcile.errors import BadParameters, TooLittleMemory

GB = 10**9


@pytest.mark.parametrize(
    ("text", "size"),
    [("512MB", 512 * 10**6), ("2GiB", 2 << 30), ("1.5 gb", 1_500_000_000), ("300000KB", 3 * 10**8)],
)
def test_a_limit_is_read_as_written(text, size):
    assert memory.memory_limit(text) == size


@pytest.mark.parametrize("text", ["512", "lots", "-1GB", "0.5", "12 TB", "64MB", "1e3MB"])
def test_what_is_no_limit_is_refused_with_an_example(text):
    with pytest.raises(BadParameters, match=r"512MB|least"):
        memory.memory_limit(text)


def test_the_environment_speaks_where_nobody_else_does(monkeypatch):
    monkeypatch.setenv("RECONCILE_MEMORY", "700MB")
    assert memory.memory_limit() == 700 * 10**6
    assert memory.memory_limit("900MB") == 900 * 10**6


def test_without_a_word_it_is_half_of_what_there_is(monkeypatch):
    monkeypatch.delenv("RECONCILE_MEMORY", raising=False)
    monkeypatch.setattr(memory, "_memory_of_machine", lambda: 16 * GB)
    assert memory.memory_limit() == 8 * GB


def test_the_container_counts_where_it_is_smaller(monkeypatch, tmp_path):
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_CGROUP_LIMITS", (str(limit),))
    limit.write_text("max\n")
    whole = memory._memory_of_machine()
    limit.write_text("300000000\n")
    assert memory._memory_of_machine() == 3 * 10**8 < whole


@pytest.mark.parametrize(("text", "threads"), [("1", 1), ("3", 3), ("", os.cpu_count())])
def test_the_environment_says_how_many_threads_work(text, threads, monkeypatch):
    """One for each core if it says nothing."""
    monkeypatch.setenv("RECONCILE_THREADS", text)
    engine = Engine()
    assert engine.threads == threads
    engine.close()


@pytest.mark.parametrize("text", ["0", "-2", "all", "1.5", "²"])
def test_what_is_no_number_of_threads_is_refused_with_an_example(text, monkeypatch):
    """Before anything is opened."""
    monkeypatch.setenv("RECONCILE_THREADS", text)
    with pytest.raises(BadParameters, match="like 4"):
        Engine()


@pytest.mark.parametrize(
    ("rows", "limit", "ranges"),
    [
        (0, 8 * GB, 1),
        (3_000_000, 8 * GB, 1),
        (15_000_000, 8 * GB, 3),
        (60_000_000, 8 * GB, 3),
        (30_000_000, 512 * 10**6, 8),
    ],
)
def test_only_much_for_little_memory_is_cut_small(rows, limit, ranges):
    assert memory.ranges_for(rows, limit) == ranges


def test_the_engine_keeps_to_less_than_its_limit(tmp_path):
    """The process needs memory of its own beside the engine's."""
    engine = Engine(memory_limit="1000MB", temp_dir=tmp_path)
    (told,) = engine._con.execute("select current_setting('memory_limit')").fetchone()
    assert told == "619.0 MiB"
    engine.close()


def test_what_does_not_fit_goes_to_a_folder_that_is_gone_afterwards(tmp_path, monkeypatch):
    """Not into the folder that somebody happens to work in."""
    home, spill = tmp_path / "home", tmp_path / "spill"
    for folder in (home, spill):
        folder.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setattr(tempfile, "tempdir", str(spill))
    engine = Engine(memory_limit="256MB")
    rows = "select repeat('x', 90) || range as x from range(4000000)"
    engine._con.execute(f"create table big as {rows}")
    assert list(spill.iterdir())
    engine.close()
    assert not [*home.iterdir(), *spill.iterdir()]


def test_a_step_that_does_not_fit_says_what_to_do(tmp_path):
    """Not that the program is broken: more memory, or fewer rows, is all it takes."""
    engine = Engine(memory_limit="200MB", temp_dir=tmp_path)
    engine._con.execute("set max_temp_directory_size = '0KB'")
    engine._con.execute("set memory_limit = '3MB'")
    engine._con.execute(
        "create view near_told as select range as row_no, repeat('x', 900) as transaction_id,"
        " null as occurred_at, null as revenue_e4, null as event_no, null as campaign_no,"
        " null as buyer_no, null as status, null as external_clickid from range(100000)"
    )
    with pytest.raises(TooLittleMemory, match=r"limit of 200 MB .* --memory-limit 1GB"):
        engine.table("near_row", "nearest/near_row")
    engine.close()
