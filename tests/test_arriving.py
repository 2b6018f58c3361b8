"""The inbox takes what may lie in a folder: links, pipes, folders and names that are no text."""

from __future__ import annotations

import io
import os
from datetime import datetime
from types import SimpleNamespace

import pytest

from reconcile import arriving, open_store
from reconcile.arriving import arrived, export_time, inbox_of, keep_upload
from reconcile.errors import BadParameters
from reconcile.showing import plain

BYTES = b"transaction_id,revenue\nL-1,2.00\n"
LOADED = SimpleNamespace(sha256="h", undone_at=None)


@pytest.fixture
def store(home):
    """Return an empty store."""
    with open_store() as opened:
        yield opened


def test_links_to_nowhere_and_pipes_hide_no_file(store):
    leads = inbox_of(store) / "leads"
    leads.mkdir()
    (leads / "own.csv").write_bytes(BYTES)
    (leads / "gone.csv").symlink_to("/nowhere/gone.csv")
    (inbox_of(store) / "claims").symlink_to("/nowhere")
    os.mkfifo(leads / "pipe.csv")
    assert [one.name for one in arrived(store)] == ["leads/own.csv"]


def test_large_files_are_told_apart_later_and_read_once(store, monkeypatch):
    """A page reads no gigabytes; what was read is remembered beyond the process."""
    for name in ("a.csv", "b.csv"):
        (inbox_of(store) / name).write_bytes(BYTES)
    read = []
    monkeypatch.setattr(arriving, "file_hash", lambda path: (read.append(path.name), "h")[1])
    assert all(one.is_known for one in arrived(store, at_once=0))  # nothing is loaded
    monkeypatch.setattr(type(store), "batches", lambda *_, **__: [LOADED])
    assert [one.is_known for one in arrived(store, at_once=0)] == [False, False]
    assert [one.is_known for one in arrived(store, at_once=len(BYTES))].count(True) == 1
    assert [one.batch for one in arrived(store)] == [LOADED, LOADED]
    assert all(one.is_known for one in arrived(store, at_once=0))
    assert sorted(read) == ["a.csv", "b.csv"]
    (inbox_of(store) / ".hashes.json").write_text("[1")  # a memory that is lost is made again
    assert [one.batch for one in arrived(store)] == [LOADED, LOADED]


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("", None),
        (" 2026-12-03T09:00Z ", datetime(2026, 12, 3, 9)),
        ("2026-12-03T01:00-08:00", datetime(2026, 12, 3, 9)),
    ],
)
def test_when_a_file_was_made_is_read_as_utc(typed, at):
    assert export_time(typed) == at


@pytest.mark.parametrize("typed", ["yesterday", "2026-12-03T09:00", "2026-12-03"])
def test_a_time_that_names_no_offset_is_no_time_of_an_export(typed):
    with pytest.raises(BadParameters, match="offset from UTC"):
        export_time(typed)


def test_an_upload_that_is_called_like_a_folder_is_kept_beside_it(store):
    (inbox_of(store) / "leads").mkdir()
    kept = keep_upload(store, "leads", io.BytesIO(BYTES))
    assert kept.read_bytes() == BYTES
    assert kept.parent == inbox_of(store)


def test_a_name_that_is_no_text_can_be_shown(store):
    """The file is listed, and what is said of it can be sent to a page."""
    (inbox_of(store) / os.fsdecode(b"\xff.csv")).write_bytes(BYTES)
    (found,) = arrived(store)
    assert found.name.encode() == b"?.csv"
    told = plain(f"{found.placed.path.name}: rename it")
    assert told.encode() == b"\\[U\\+DCFF\\]\\.csv\\: rename it"
