"""What is loaded: batches, up to when they reach, and how one is undone or read in another way."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from reconcile import ReconcileError, Store
from reconcile.importing import preview_again
from reconcile.jobs import start_remap
from reconcile.listing import batch_texts, reach_texts
from reconcile.reading import rejected_rows
from reconcile.showing import plain
from reconcile.warehouse import Batch
from views.background import read_in_background
from views.export import csv_bytes
from views.frame import this_person
from views.lists import Choice, choose_one, say, table
from views.questions import given_answers, keep_answers, show_given
from views.reading import show_reading

PAGE = 100


def show_batches(store: Store) -> None:
    """Draw what is loaded, and the chosen batch."""
    _say_undone()
    with_undone = st.toggle("Undone ones, too", key="with_undone", persist_state="session")
    batches = sorted(store.batches(with_undone=with_undone), key=lambda b: b.id, reverse=True)
    if not batches:
        say("Nothing is loaded yet. Choose a file to import.")
        return
    chosen = st.session_state.get("batch")
    choose_one(batches, _BATCHES, chosen)
    if chosen:
        try:
            _detail(store, store.batch(chosen))
        except ReconcileError as error:
            say(str(error))
    st.subheader("Up to when the files reach", anchor=False)
    table(
        reach_texts(store.batches())[:PAGE],
        left=("Kind", "Sender", "From (UTC)", "Up to (UTC)", "Newest import (UTC)"),
        alt="The files of each sender that count, and from when to when their rows are.",
    )


def _choose(name: str | None) -> None:
    st.session_state.update(batch=name, again=False)
    keep_answers(())


_BATCHES = Choice[Batch](
    key="batches",
    texts=batch_texts,
    name=lambda one: one.id,
    take=_choose,
    alt="What was imported, the newest first. Choose one to undo it or to read it again.",
    right=("Rows", "Rejected"),
)


def _detail(store: Store, batch: Batch) -> None:
    with st.container(border=True):
        st.subheader(plain(PurePath(batch.file).name), anchor=False)
        say(f"Batch {batch.id}: {batch.rows:,} {batch.kind} rows, read in {batch.zone}.")
        if batch.undone_at:
            say("It was undone: no figure counts it. Import its file again to bring it back.")
        if batch.rejected:
            say(f"Rows rejected: {batch.rejected:,}. They are in no figure.")
        with st.container(horizontal=True):
            if batch.rejected:
                st.download_button(
                    "Download the rejected rows",
                    data=lambda: _rejected_csv(store, batch.id),
                    file_name=f"rejected-{batch.id}.csv",
                    mime="text/csv",
                    on_click="ignore",
                )
            if not batch.undone_at:
                _ways(store, batch)
        if batch.rejected:
            _first_rejects(store, batch)
        if st.session_state.get("again") and not batch.undone_at:
            _again(store, batch)


def _ways(store: Store, batch: Batch) -> None:
    if batch.cut_off and not batch.confirmed and st.button("It is whole"):
        store.confirm(batch.id)
        st.rerun()
    if st.button("Read it in another way…"):
        st.session_state["again"] = True
        keep_answers(())
        st.rerun()
    with st.popover("Undo…"):
        say("Its rows leave every figure; what they stood in the place of counts again.")
        if st.button("Undo this batch"):
            store.undo(batch.id, user=this_person())
            st.session_state["batch"] = None
            st.session_state["undone"] = f"Undone: {PurePath(batch.file).name}, batch {batch.id}."
            st.rerun()


def _say_undone() -> None:
    """Say once what was undone, and that runs which read it are stale."""
    if said := st.session_state.pop("undone", None):
        st.success(plain(f"{said} Runs that read it are stale: reconcile again."))


def _first_rejects(store: Store, batch: Batch) -> None:
    rows = rejected_rows(store, batch.id, limit=20)
    texts = [
        {
            "Line": f"{row['line']:,}",
            "Column": row["column"] or "",
            "Value": row["value"] or "",
            "Why": row["reason"],
        }
        for row in rows
    ]
    table(texts, left=("Column", "Value", "Why"), alt="The first rejected rows.")


def _rejected_csv(store: Store, batch_id: str) -> bytes:
    return csv_bytes(rejected_rows(store, batch_id))


def _again(store: Store, batch: Batch) -> None:
    """Show the kept file as it would be read with other answers, and let that count instead."""
    st.subheader("Read it in another way", anchor=False)
    answers = given_answers()
    reading = read_in_background(
        store,
        (batch.id, answers),
        lambda told: preview_again(store, batch.id, answers=answers, progress=told),
    )
    if reading is None:
        return
    if reading.seen is None:
        st.error(plain(reading.error))
        show_given()
        return

    def take() -> None:
        if not answers:
            st.session_state["answers_refused"] = "Say first what was misread: change a column."
            return
        st.session_state["job"] = start_remap(store, batch.id, answers=answers).id
        st.session_state.update(batch=None, again=False)
        keep_answers(())

    show_reading(reading.seen, "Let this reading count", take)
