"""The inbox: files are put in by upload or by hand, and one is chosen to be read."""

from __future__ import annotations

import os
from datetime import datetime
from threading import Event, Thread

import streamlit as st

from reconcile import Kind, ReconcileError, Store
from reconcile.arriving import (
    MOST_UPLOAD,
    Arrived,
    arrived,
    export_time,
    inbox_of,
    keep_upload,
)
from reconcile.importing import preview
from reconcile.importing.recognising import likely_kind
from reconcile.jobs import start_import
from reconcile.listing import arrived_texts
from reconcile.showing import plain, visible
from views.address import keep_to
from views.background import read_in_background
from views.lists import Choice, choose_one, say
from views.questions import given_answers, keep_answers, show_given
from views.reading import show_reading

AT_ONCE = 64 << 20
"""Bytes of the inbox that a page reads itself."""

_ROWS = {
    Kind.LEAD: "a lead of the lead export",
    Kind.EVENT: "an event that the platform recorded",
    Kind.CLAIM: "a buyer's word on a conversion",
}


def show_arrivals(store: Store) -> None:
    """Draw the upload, the files of the inbox, and the chosen one."""
    _upload(store)
    files = arrived(store, at_once=AT_ONCE)
    if not all(one.is_known for one in files):
        _look(store, tuple((one.name, one.size, one.changed_at) for one in files))
    if not files:
        say(
            "The inbox is empty. Upload a file, or put it into the folder below; its folders "
            "leads, events and claims tell what its files are, a folder in these whose they are."
        )
    else:
        _list(files)
    by_name = {one.name: one for one in files}
    keep_to("file", [None, *by_name])
    chosen = by_name.get(st.session_state.get("file") or "")
    if chosen is not None:
        with st.container(border=True):
            _chosen(store, chosen)
    say("Folder of the inbox, for files of any size:")
    st.code(str(inbox_of(store)), language=None)


def choose_file(name: str | None) -> None:
    """Begin with another file; what was said of the last one is forgotten."""
    st.session_state.update(file=name, kind=None, sender=None, batch=None, exported="")
    keep_answers(())


def _upload(store: Store) -> None:
    number = st.session_state.get("upload_no", 0)
    files = st.file_uploader(
        f"Upload files, each of {MOST_UPLOAD >> 20} MB at most",
        accept_multiple_files=True,
        key=f"upload_{number}",
        help="CSV, TSV, JSON lines, XLSX, .ods, .xls, Parquet; also packed. They are kept in the "
        "inbox on this machine until you take them out.",
    )
    if not files:
        return
    kept = []
    for file in files:
        try:
            kept.append(keep_upload(store, file.name, file))
        except ReconcileError as error:
            st.session_state.setdefault("upload_refused", []).append(str(error))
    if kept:
        choose_file(kept[0].name)
    # Under another key the page lets go of the bytes, which lie in the inbox now.
    st.session_state["upload_no"] = number + 1
    st.rerun()


def _list(files: list[Arrived]) -> None:
    for refused in st.session_state.pop("upload_refused", ()):
        st.error(plain(refused))
    choose_one(files, _FILES, st.session_state.get("file"))


_FILES = Choice[Arrived](
    key="inbox",
    texts=arrived_texts,
    name=lambda one: one.name,
    take=choose_file,
    alt="Files of the inbox, the newest first. Choose one to read it.",
    right=("Size",),
    page=50,
    most=9,
)


def _chosen(store: Store, file: Arrived) -> None:
    st.subheader(plain(file.name), anchor=False)
    if file.batch is not None and not file.batch.undone_at:
        say(f"These bytes are loaded already, as batch {file.batch.id}.")
        shown = {"part": "batches", "batch": file.batch.id, "file": None}
        st.button("Show the batch", on_click=lambda: st.session_state.update(shown))
        return
    if file.batch is not None:
        say(f"It was imported before, as batch {file.batch.id}, and undone.")
    try:
        kind, sender = _whose(store, file)
    except ReconcileError as error:
        st.error(plain(error))
        return
    if kind is None:
        say("Say what one row of it is; its headers do not tell.")
        return
    try:
        made_at = _exported()
    except ReconcileError as error:
        st.error(plain(error))
        return
    path, answers = file.placed.path, given_answers()
    what = (os.fsencode(path), file.size, file.changed_at, kind, sender, answers)
    reading = read_in_background(
        store,
        what,
        lambda told: preview(store, path, kind=kind, answers=answers, sender=sender, progress=told),
    )
    if reading is None:
        return
    if reading.seen is None:
        st.error(plain(reading.error))
        say("What the file does not tell may be said here, such as header=3: the header's line.")
        show_given()
        return

    def take() -> None:
        job = start_import(
            store, path, kind=kind, answers=answers, sender=sender, exported_at=made_at
        )
        st.session_state["job"] = job.id
        choose_file(None)

    show_reading(reading.seen, f"Import as {kind}s", take)


def _exported() -> datetime | None:
    """Ask when the file was made: up to then a row that it lacks is missing, not late."""
    typed = st.text_input(
        "When was it exported? (blank: nobody knows)",
        key="exported",
        persist_state="session",
        placeholder="2026-12-03T09:00Z",
        help="An event export proves which events were stored up to then; without it, up to its "
        "last row. Of two files that hold the same row the later export counts.",
        width=480,
    )
    return export_time(typed or "")


@st.cache_resource(show_spinner=False, max_entries=4)
def _looking(key: tuple[object, ...], _store: Store) -> Event:  # noqa: ARG001 - the key is the cache's
    done = Event()

    def look() -> None:
        try:
            arrived(_store)
        finally:
            done.set()

    Thread(target=look, daemon=True).start()
    return done


def _look(store: Store, key: tuple[object, ...]) -> None:
    """Read large files behind the page, to tell whether they are loaded already."""
    done = _looking((str(store.home), *key), store)
    if not done.is_set():
        _watched(done)


@st.fragment(run_every=1)
def _watched(done: Event) -> None:
    say("Large files are being read, to tell whether they are loaded already.")
    if done.is_set():
        st.rerun()


def _whose(store: Store, file: Arrived) -> tuple[Kind | None, str | None]:
    """Ask what one row is and whose file it is; what folders and headers say is proposed."""
    keep_to("kind", [None, *Kind])
    if st.session_state.get("kind") is None:
        st.session_state["kind"] = file.placed.kind or likely_kind(store, file.placed.path)
    if st.session_state.get("sender") is None and file.placed.sender:
        st.session_state["sender"] = file.placed.sender
    kind = st.segmented_control(
        "What is one row of it?",
        list(Kind),
        key="kind",
        persist_state="session",
        format_func=lambda kind: f"{kind.capitalize()}: {_ROWS[Kind(kind)]}",
        wrap=True,
    )
    senders = sorted({batch.sender for batch in store.batches() if batch.sender})
    sender = st.selectbox(
        "Whose file is it? (sender)",
        sorted({*senders, *filter(None, [st.session_state.get("sender")])}),
        format_func=visible,
        index=None,
        key="sender",
        persist_state="session",
        accept_new_options=True,
        placeholder="As the file or its template says",
        width=480,
    )
    return (Kind(kind) if kind else None), (sender or None)
