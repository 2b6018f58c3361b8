"""The inbox takes what may lie in a folder: links, pipes, folders and names that are no text."""

from __future__ import annotations

import io
import os

import pytest

from reconcile import open_store
from reconcile.arriving import arrived, inbox_of, keep_upload
from reconcile.showing import plain

BYTES = b"transaction_id,revenue\nL-1,2.00\n"


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
    assert plain(f"{found.placed.path.name}: rename it").encode() == b"\\?\\.csv\\: rename it"
