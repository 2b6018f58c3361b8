"""What the screens of a run share: the run that is looked at, or what to do where there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import streamlit as st

import reconcile
from reconcile import ReconcileError, RowClass, Store
from reconcile.decisions import this_user
from reconcile.demo import holds_sample, only_sample
from reconcile.headlines import KnownRun
from reconcile.jobs import Job, job, jobs_at_work, known_jobs, start_sample, stop_job
from reconcile.showing import plain, time
from views.address import keep_to, read_address
from views.answers import StoredRun, the_store
from views.lists import say


@dataclass(frozen=True)
class Looked:
    """The run that a screen is about."""

    store: Store
    known: KnownRun
    run: StoredRun
    default: str
    """The run that an address without one means."""

    @property
    def summary(self) -> dict[str, Any]:
        """Return the summary that was kept with the run."""
        return dict(json.loads(self.known.record.summary_json))

    def buckets(self) -> list[str]:
        """Return the classes of the run in their order, each followed by its reasons."""
        rows = self.summary["rows"]
        seen = {bucket for side in rows.values() for bucket in side["by_reason"]}
        buckets: list[str] = []
        for row_class in RowClass:
            reasons = sorted(b for b in seen if b.partition(":")[0] == row_class)
            if not reasons or row_class is RowClass.MATCHED:
                continue
            buckets += [str(row_class), *(b for b in reasons if ":" in b)]
        return buckets


def opened_store() -> Store | None:
    """Return the warehouse; where it cannot be read, say so."""
    read_address()
    try:
        store = the_store()
        store.batches()
    except ReconcileError as error:
        st.error("The warehouse cannot be read.")
        say(str(error))
        return None
    return store


def looked_at(title: str) -> Looked | None:
    """Draw the head of a screen and return its run; without one say what to do first."""
    store = opened_store()
    if store is None:
        return None
    coming = _sample_jobs(store)
    runs = reconcile.known_runs(store)
    current = [run for run in runs if run.current]
    if not current:
        _say_failed(store)
        if coming:
            _sample_comes(store, coming[0].id)
        elif store.batches():
            _no_run(store, runs)
        else:
            _no_data(store)
        return None
    if holds_sample(store):
        sample_banner(store)
    default = current[0].record.id
    known = _choose_run(title, runs, default)
    return Looked(store, known, StoredRun(store, known.record.id), default)


def _sample_jobs(store: Store) -> list[Job]:
    """Return the jobs that load the sample just now."""
    return [one for one in jobs_at_work(store) if one.what == "sample"]


def _no_data(store: Store) -> None:
    _, middle, _ = st.columns([1, 3, 1])
    with middle.container(border=True):
        st.subheader("No data yet", anchor=False)
        say(
            "See a month reconciled with made-up data: leads, events and the reports of seven "
            "buyers, with every kind of difference in them."
        )
        if st.button("Try with sample data"):
            st.session_state["sample_job"] = start_sample(store).id
            st.rerun()
        say("Or bring your own: CSV, JSON lines, XLSX or Parquet of the platform and your buyers.")
        if st.button("Import your files"):
            st.switch_page("importing.py")


@st.fragment(run_every=0.5)
def _sample_comes(store: Store, job_id: str) -> None:
    """Say how far the sample is: another process loads it, whatever is clicked or closed here."""
    found = job(store, job_id)
    text, button = st.columns([7, 1], vertical_alignment="center")
    text.status(f"Loading the sample: {plain(found.text)}")
    about = "Stop loading the sample. What it has stored stays."
    if button.button("Stop", help=about, width="stretch"):
        try:
            found = stop_job(store, job_id, user=this_person())
        except ReconcileError as error:
            st.error(plain(error))
    if not found.is_running:
        st.session_state["sample_job"] = job_id
        st.rerun()


def _say_failed(store: Store) -> None:
    """Say once why the sample was not loaded to its end, if it was not."""
    name = st.session_state.pop("sample_job", None)
    ended = job(store, name) if name else None
    if ended is None or ended.outcome is None or ended.outcome["ok"]:
        return
    if ended.state == "stopped":
        st.warning(plain(f"Loading the sample: {ended.outcome['text']}"))
    else:
        st.error(plain(f"The sample could not be loaded. {ended.outcome['text']}"))


def _no_run(store: Store, runs: list[KnownRun]) -> None:
    if holds_sample(store):
        sample_banner(store)
    if only_sample(store) and (not runs or _was_cut_short(store)):
        _part_of_sample(store)
        return
    with st.container(border=True):
        st.subheader("Loaded, not yet reconciled", anchor=False)
        say("Choose the period and the zone whose days your reports mean.")
        if st.button("Reconcile…"):
            st.session_state["part"] = "reconcile"
            st.switch_page("importing.py")


def _was_cut_short(store: Store) -> bool:
    loads = [one.outcome or {} for one in known_jobs(store) if one.what == "sample"]
    return bool(loads) and not loads[0].get("ok")


def _part_of_sample(store: Store) -> None:
    """Offer the rest of a sample that was stopped on its way: figures of a part would mislead."""
    with st.container(border=True):
        st.subheader("A part of the sample", anchor=False)
        say("It was not loaded to its end. Load the rest to see it reconciled, or remove it.")
        if st.button("Load the rest"):
            st.session_state["sample_job"] = start_sample(store).id
            st.rerun()


def sample_banner(store: Store) -> None:
    """Say that what is shown is made up, with a button that takes it out."""
    if _sample_jobs(store):  # taken out meanwhile, it would be there in part
        st.info("Sample data, made up, is being loaded.")
        return
    text, button = st.columns([6, 1], vertical_alignment="center")
    if only_sample(store):
        text.info("Sample data, made up. Re-firing goes to the sandbox on this machine.")
    else:
        text.warning("Made-up sample data is loaded beside your own: figures mix the two.")
    if button.button("Remove", width="stretch", help="Take the sample out again."):
        reconcile.remove_sample(store)
        st.session_state.pop("run", None)
        st.rerun()


def _choose_run(title: str, runs: list[KnownRun], default: str) -> KnownRun:
    by_id = {run.record.id: run for run in runs}
    keep_to("run", list(by_id))
    st.session_state.setdefault("run", default)
    head, choice = st.columns([3, 2], vertical_alignment="bottom")
    chosen = choice.selectbox(
        "Run",
        list(by_id),
        key="run",
        persist_state="session",
        format_func=lambda name: _run_label(by_id[name]),
    )
    with head:
        st.header(title, anchor=False)
        say(_period(by_id[chosen]))
    return by_id[chosen]


def _run_label(run: KnownRun) -> str:
    asked = json.loads(run.record.params_json)["parameters"]
    made = time(run.record.created_at)[:16]
    last = date.fromisoformat(asked["date_to"]) - timedelta(days=1)
    label = f"{asked['date_from']} to {last} · made {made} UTC"
    return label if run.current else f"{label} · its data was removed"


def _period(run: KnownRun) -> str:
    asked = json.loads(run.record.params_json)["parameters"]
    last = date.fromisoformat(asked["date_to"]) - timedelta(days=1)
    share = (100 * Decimal(asked["tolerance_rel"])).normalize()
    return (
        f"{asked['date_from']} to {last}, days in {asked['zone']}. "
        f"Tolerance {asked['tolerance']}, or {share:f} % of the event."
    )


def this_person() -> str:
    """Return who sits at this machine: all that is done on a screen is done by them."""
    return this_user()


def ink() -> str:
    """Return the colour of the text around a chart: the built-in grey is too pale to read."""
    return "#e8edf4" if st.context.theme.type == "dark" else "#1b2430"
