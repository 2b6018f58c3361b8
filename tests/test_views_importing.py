"""The import screen: what a click does is in the warehouse afterwards, and in the address."""

from __future__ import annotations

import io
import json
from threading import Event
from time import sleep

import pytest
import streamlit as st

from reconcile import import_file, jobs, known_runs, open_store
from reconcile.arriving import MOST_UPLOAD, arrived, keep_upload
from reconcile.errors import BadFile, NotFound
from reconcile.importing import preview_again, remap
from reconcile.reading import rejected_rows
from reconcile.terms import Kind
from views import arrivals, background
from views_files import ANSWERS, load_month, place_messy
from views_help import SEED, button, grid, open_page, texts, work_here


@pytest.fixture(autouse=True)
def fresh_caches(monkeypatch):
    """Caches are the process's; a job is done here and at once, and a page waits for its file."""
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setattr(background, "PATIENCE", 120)
    monkeypatch.setattr(jobs.subprocess, "Popen", work_here)


@pytest.fixture
def store(home, tmp_path):
    """Return a store with leads and events, whose inbox holds the messy report."""
    with open_store() as opened:
        load_month(opened, tmp_path)
        place_messy(opened)
        yield opened


def radio(page, *, asks):
    """Return the choices under a question that holds these words."""
    place = [one.value for one in page.markdown if one.value.startswith("**")]
    questions = [text for text in place if text.endswith("**")]
    return page.radio[next(n for n, text in enumerate(questions) if asks in text)]


def test_a_click_on_an_answer_stands_in_the_address_and_asks_no_more(store):
    page = open_page("importing", file="acme_oct.csv", kind="claim")
    before = next(one.value for one in page.metric if one.label == "Open questions")
    radio(page, asks="transaction").set_value(0)
    button(page, "Read it with these answers").click().run()
    assert not page.exception
    assert "columns.transaction_id=Lead Ref" in json.loads(page.query_params["answers"])
    after = next(one.value for one in page.metric if one.label == "Open questions")
    assert int(after) < int(before)
    assert not store.batches(Kind.CLAIM)


def test_an_answered_file_becomes_the_batch_that_the_command_would_make(store):
    """An address brings the answers; the click starts the job, whose outcome the page tells."""
    page = open_page(
        "importing", file="acme_oct.csv", kind="claim", answers=json.dumps(list(ANSWERS))
    )
    assert "Rows rejected" not in " ".join(texts(page))
    button(page, "Import as claims").click().run()
    batch = store.batches(Kind.CLAIM)[0]
    assert (batch.rows, batch.rejected, batch.sender) == (3, 1, "acme")
    assert batch.zone == "America/Los_Angeles"
    assert page.success[0].value.startswith("Imported")
    assert page.query_params["job"] == jobs.known_jobs(store)[0].id


def test_the_form_reconciles_by_what_stands_in_it(store, tmp_path):
    """The month of the newest claim is proposed; a share is written in percent."""
    path = place_messy(store)
    import_file(store, path, kind=Kind.CLAIM, answers=ANSWERS)
    page = open_page("importing", part="reconcile")
    fields = {field.label: field for field in page.text_input}
    fields["Tolerance, an amount"].set_value("3.00")
    fields["Tolerance, % of the event"].set_value("0.5")
    button(page, "Reconcile").click().run()
    made = known_runs(store)[0].record
    asked = json.loads(made.params_json)["parameters"]
    assert (asked["date_from"], asked["date_to"]) == ("2026-10-01", "2026-11-01")
    assert (asked["tolerance"], asked["tolerance_rel"]) == ("3.00", "0.005")
    button(page, "Show the summary").click().run()
    assert not page.exception


def test_a_batch_is_undone_and_its_rejected_rows_are_shown(store):
    path = place_messy(store)
    batch = import_file(store, path, kind=Kind.CLAIM, answers=ANSWERS).batch
    page = open_page("importing", part="batches", batch=batch.id)
    shown = grid(page, "Why")
    assert list(shown["Value"]) == [row["value"] for row in rejected_rows(store, batch.id)]
    assert grid(page, "State")["Batch"].iloc[0] == batch.id
    button(page, "Undo this batch").click().run()
    assert store.batch(batch.id).undone_at is not None
    assert "stale" in page.success[0].value


def test_a_batch_is_read_in_another_way_only_with_an_answer(store):
    """Without a change the button refuses; with one the batch has a new version."""
    path = place_messy(store)
    batch = import_file(store, path, kind=Kind.CLAIM, answers=ANSWERS).batch
    page = open_page("importing", part="batches", batch=batch.id)
    button(page, "Read it in another way").click().run()
    button(page, "Let this reading count").click().run()
    assert "Say first" in page.error[0].value
    page.session_state["answers"] = json.dumps(["zone=UTC"])
    page.run()
    button(page, "Let this reading count").click().run()
    now = store.batches(Kind.CLAIM)
    assert [(one.zone, one.replaces) for one in now] == [("UTC", batch.id)]


def test_what_was_read_of_the_warehouse_holds_no_more_once_a_version_is_undone(store):
    """There are as many batches and as many undone ones as before, but others count."""
    first = import_file(store, place_messy(store), kind=Kind.CLAIM, answers=ANSWERS).batch
    again = remap(store, first.id, answers=["zone=UTC"]).batch
    before = background.loaded_state(store)
    assert background.loaded_state(store) == before
    store.undo(again.id)
    assert background.loaded_state(store) != before


def test_what_is_loaded_already_is_said_and_leads_to_its_batch(store):
    path = place_messy(store)
    batch = import_file(store, path, kind=Kind.CLAIM, answers=ANSWERS).batch
    page = open_page("importing", file="acme_oct.csv")
    assert f"These bytes are loaded already, as batch {batch.id}." in texts(page)
    button(page, "Show the batch").click().run()
    assert page.query_params["batch"] == batch.id


def test_where_no_header_is_found_its_line_can_be_said(store):
    (store.home / "inbox" / "odd.csv").write_text("foo,bar\nx,y\n")
    page = open_page("importing", file="odd.csv", kind="claim")
    assert "looks like a header" in page.error[0].value
    page.multiselect[0].set_value(["header=1"]).run()
    assert not page.error
    assert page.radio


def test_the_first_rejected_rows_are_read_alone(store):
    batch = import_file(store, place_messy(store), kind=Kind.CLAIM, answers=ANSWERS).batch
    assert (len(rejected_rows(store, batch.id)), rejected_rows(store, batch.id, limit=0)) == (1, [])


def test_a_reading_that_nobody_waits_for_any_more_ends(store, monkeypatch):
    """Another answer reads the file anew; what was read for the one before is of no use."""
    kinds, ended = [], Event()

    def endless(_store, _path, *, kind, progress, **_):
        kinds.append(kind)
        try:
            while not (kind == "lead" and ended.is_set()):
                progress(1, 2)
                sleep(0.01)
        finally:
            ended.set()
        raise BadFile("read to its end")

    monkeypatch.setattr(background, "PATIENCE", 0.05)
    monkeypatch.setattr(arrivals, "preview", endless)
    page = open_page("importing", file="acme_oct.csv", kind="claim")
    page.segmented_control(key="kind").set_value("lead").run()
    assert ended.wait(5)
    assert kinds == ["claim", "lead"]


def test_an_empty_inbox_says_what_to_do(home):
    page = open_page("importing")
    assert any(text.startswith("The inbox is empty.") for text in texts(page))


def test_addresses_of_what_is_not_there_break_nothing(home):
    page = open_page("importing", job="../../etc", file="gone.csv", answers="{", kind="x")
    assert any("There is no job" in text for text in texts(page))
    assert not open_page("importing", part="batches", batch="gone").exception


def test_an_upload_keeps_to_the_inbox_whatever_its_name(store):
    """Same bytes are kept once, other bytes of the same name beside it."""
    inbox = store.home / "inbox"
    for name, body in (
        ("../../evil.csv", b"a"),
        ("evil.csv", b"a"),
        ("evil.csv", b"b"),
        (f"{SEED}.csv", b"c"),
        (".hidden", b"d"),
    ):
        assert keep_upload(store, name, io.BytesIO(body)).parent == inbox
    names = {one.name for one in arrived(store)}
    assert len(names) == 5
    assert {"evil.csv", "hidden", "acme_oct.csv"} < names
    assert not list(inbox.glob(".upload-*"))


def test_an_upload_beyond_the_limit_or_empty_leaves_nothing(store, monkeypatch):
    assert MOST_UPLOAD == 200 * 1024 * 1024
    monkeypatch.setattr("reconcile.arriving.MOST_UPLOAD", 10)
    for body in (b"", b"x" * 11):
        with pytest.raises(BadFile):
            keep_upload(store, "big.csv", io.BytesIO(body))
    assert [one.name for one in arrived(store)] == ["acme_oct.csv"]


def test_a_job_whose_process_died_says_so(store):
    """Nobody waits for ever for a process that was killed."""
    begun = jobs.start_run(
        store, {"date_from": "2026-10-01", "date_to": "2026-11-01", "zone": "UTC"}
    )
    (store.home / "jobs" / begun.id / "outcome.json").unlink()
    gone = jobs.job(store, begun.id)
    assert not gone.is_running
    assert "ended without a word" in gone.text
    with pytest.raises(NotFound):
        jobs.job(store, "../jobs")


def test_a_preview_of_a_batch_shows_what_other_answers_would_do(store):
    path = place_messy(store)
    batch = import_file(store, path, kind=Kind.CLAIM, answers=ANSWERS).batch
    now, other = (
        preview_again(store, batch.id),
        preview_again(store, batch.id, answers=["zone=UTC"]),
    )
    assert now.staged.zone == "America/Los_Angeles"
    assert other.staged.zone == "UTC"
    assert len(store.batches(Kind.CLAIM)) == 1
