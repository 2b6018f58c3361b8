"""A job as it goes: read from its folder, so that a reload of the page changes nothing."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from reconcile import ReconcileError, Store
from reconcile.jobs import Job, about, job, jobs_at_work, stop_job
from reconcile.showing import plain
from views.frame import this_person
from views.lists import say

_WORDS = {
    "import": "Importing",
    "remap": "Reading again",
    "run": "Reconciling",
    "sample": "Loading the sample",
}


def show_job(store: Store) -> None:
    """Draw the job of the address: how far it is, or what came of it and where to go from there."""
    name = st.session_state.get("job")
    if not name:
        return
    try:
        found = job(store, name)
    except ReconcileError as error:
        say(str(error))
        st.session_state["job"] = None
        return
    with st.container(border=True):
        if found.is_running:
            _watched(store, found.id)
        else:
            _ended(store, found)


@st.fragment(run_every=0.5)
def _watched(store: Store, job_id: str) -> None:
    found = job(store, job_id)
    say(f"{_title(found)}: another process does it; you may leave or close this page.")
    _how_far(store, found)
    if not found.is_running:
        st.rerun()


def _how_far(store: Store, found: Job) -> None:
    """Draw how far a job is, with a button that stops it."""
    bar, button = st.columns([7, 1], vertical_alignment="center")
    share = min(found.done / found.total, 1.0) if found.total else 0.0
    sized = f" {found.done / 1e6:,.1f} of {found.total / 1e6:,.1f} MB" if found.total else ""
    bar.progress(share, text=plain(f"{found.text}{sized}"))
    name = plain(f"Stop {_title(found)[0].lower()}{_title(found)[1:]}")
    key = f"stop_{found.id}"
    if button.button("Stop", key=key, help=f"{name}. What it has stored stays.", width="stretch"):
        try:
            stop_job(store, found.id, user=this_person())
        except ReconcileError as error:
            st.error(plain(error))
            return
        st.rerun()


def show_work(store: Store) -> None:
    """List what is at work, whoever began it, but for the job that the address shows."""
    if _others(store):
        _work(store)


def _others(store: Store) -> list[Job]:
    shown = st.session_state.get("job")
    return [one for one in jobs_at_work(store) if one.id != shown]


@st.fragment(run_every=1)
def _work(store: Store) -> None:
    others = _others(store)
    if not others:
        st.rerun()
    with st.container(border=True):
        st.subheader("At work", anchor=False)
        for one in others:
            say(f"{_title(one)}, begun by {one.user} at {one.started_at:%H:%M:%S} UTC")
            _how_far(store, one)


def _title(found: Job) -> str:
    what = about(found)
    return f"{_WORDS[found.what]} {what}" if what else _WORDS[found.what]


def _ended(store: Store, found: Job) -> None:
    outcome = found.outcome or {}
    if found.state == "stopped":
        st.warning(plain(f"{_title(found)}: {outcome['text']}"))
    elif not outcome["ok"]:
        st.error(f"{plain(_title(found))}: nothing was stored.")
        st.code(outcome["text"], language=None, wrap_lines=True)
    elif "run" in outcome:
        st.success(f"Reconciled: {outcome['findings']:,} findings.")
    else:
        _batch(store, found)
    with st.container(horizontal=True):
        if outcome["ok"] and "run" in outcome:
            if st.button("Show the summary", shortcut="S"):
                st.session_state.update(run=outcome["run"], job=None, part=None)
                st.switch_page("summary.py")
        elif outcome["ok"]:
            if st.button("Show the batch", key="job_batch"):
                st.session_state.update(part="batches", batch=outcome["batch"], job=None)
                st.rerun()
            if st.button("Reconcile…"):
                st.session_state.update(part="reconcile", job=None)
                st.rerun()
        if st.button("Close"):
            st.session_state["job"] = None
            st.rerun()


def _batch(store: Store, found: Job) -> None:
    outcome = found.outcome or {}
    batch = store.batch(outcome["batch"])
    again = "These bytes were loaded already" if outcome.get("already") else "Imported"
    name = PurePath(batch.file).name
    st.success(plain(f"{again}: {name}, {batch.rows:,} {batch.kind} rows, batch {batch.id}."))
    if batch.rejected:
        say(
            f"Rows rejected: {batch.rejected:,}. They are in no figure; show the batch to see and "
            "download them."
        )
    for doubt in outcome.get("doubts", ()):
        say(doubt)
    if outcome.get("template"):
        say(f"Saved as the template {outcome['template']}: files like it are read by it.")
    for state, count in outcome.get("proved", {}).items():
        say(f"{count:,} postbacks are now {state}.")
