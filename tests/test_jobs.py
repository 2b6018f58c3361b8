"""Jobs: one that is at work is not begun a second time, and no address of one breaks a page."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli_help import assert_refused, call
from reconcile import jobs, open_store
from reconcile.errors import NotFound
from reconcile.terms import Kind
from views_help import work_here


@pytest.fixture
def store(home):
    """Return an empty store."""
    with open_store() as opened:
        yield opened


def test_a_second_click_is_given_the_job_that_is_at_work(store, tmp_path, monkeypatch):
    """Another file is another job; after its end the same may be asked for again."""
    started = []
    real = subprocess.Popen

    def counted(command, **named):
        started.append(command)
        return real([sys.executable, "-c", ""], **named)

    monkeypatch.setattr(jobs.subprocess, "Popen", counted)
    first = jobs.start_import(store, tmp_path / "a.csv", kind=Kind.CLAIM)
    assert jobs.start_import(store, tmp_path / "a.csv", kind=Kind.CLAIM).id == first.id
    other = jobs.start_import(store, tmp_path / "b.csv", kind=Kind.CLAIM)
    assert (other.id == first.id, len(started)) == (False, 2)
    assert jobs.work(store, first.id)["ok"] is False
    assert jobs.start_import(store, tmp_path / "a.csv", kind=Kind.CLAIM).id != first.id


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "..", ""])
def test_what_names_no_job_is_told(store, name):
    """Also what no folder can be called."""
    (store.home / "jobs").mkdir()
    with pytest.raises(NotFound):
        jobs.job(store, name)


def test_a_job_that_is_stopped_says_who_stopped_it_and_stores_nothing(store, tmp_path):
    """Its process is gone with all that it began; a second stop changes nothing."""
    slow = tmp_path / "slow.csv"
    os.mkfifo(slow)  # nobody writes into it: whoever reads it waits for ever
    begun = jobs.start_import(store, slow, kind=Kind.CLAIM)
    assert jobs.jobs_at_work(store) == [jobs.job(store, begun.id)]
    stopped = jobs.stop_job(store, begun.id, user="ann")
    assert (stopped.state, stopped.text.partition(".")[0]) == ("stopped", "Stopped by ann")
    assert jobs.stop_job(store, begun.id, user="bob").text == stopped.text
    assert not jobs.jobs_at_work(store)
    assert not store.batches(with_undone=True)


def test_the_command_line_lists_jobs_and_stops_one(store, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs.subprocess, "Popen", work_here)
    missing = jobs.start_import(store, tmp_path / "none.csv", kind=Kind.CLAIM)
    [row] = call("job", "list", "--format", "json").rows
    assert (row["id"], row["about"], row["state"]) == (missing.id, "none.csv", "failed")
    assert "none.csv" in call("job", "stop", missing.id).out
    assert_refused(call("job", "stop"), "name one")
