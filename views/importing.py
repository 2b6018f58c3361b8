"""Bringing data in: the inbox, what each file holds, what is loaded, and a run over it."""

from __future__ import annotations

import streamlit as st

from reconcile.demo import holds_sample
from views.address import keep_to, write_address
from views.arrivals import show_arrivals
from views.batches import show_batches
from views.frame import opened_store, sample_banner
from views.progress import show_job, show_work
from views.reconciling import show_form

_PARTS = {"files": "Files to import", "batches": "What is loaded", "reconcile": "Reconcile"}


def page() -> None:
    """Draw the screen."""
    store = opened_store()
    if store is None:
        return
    if holds_sample(store):
        sample_banner(store)
    st.header("Import", anchor=False)
    show_job(store)
    show_work(store)
    keep_to("part", [None, *_PARTS])
    if st.session_state.get("part") is None:
        st.session_state["part"] = "files"
    part = st.segmented_control(
        "Part",
        list(_PARTS),
        key="part",
        persist_state="session",
        required=True,
        format_func=lambda name: _PARTS[name],
        label_visibility="collapsed",
    )
    if part == "batches":
        show_batches(store)
        names: tuple[str, ...] = ("batch", "answers")
    elif part == "reconcile":
        show_form(store)
        names = ()
    else:
        show_arrivals(store)
        names = ("file", "kind", "sender", "exported", "answers")
    write_address(("part", *names, "job"), {"part": "files"})


if __name__ == "__main__":
    page()
