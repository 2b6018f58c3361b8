"""Jobs: one that is at work is not begun a second time, and no address of one breaks a page."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reconcile import jobs, open_store
from reconcile.errors import NotFound
from reconcile.terms import Kind


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
