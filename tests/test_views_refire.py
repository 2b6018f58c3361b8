"""Firing again from the screen: what is planned, what approves it, and what was answered."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
import streamlit as st

from reconcile import FindingFilter, approve, findings, fire
from reconcile.correcting import read_plan
from reconcile.steering import detached_said, known_plans
from views_help import button, grid, newest, open_page, texts


@pytest.fixture(autouse=True)
def fresh_caches():
    """Caches are the process's, and each test has its own home."""
    st.cache_data.clear()
    st.cache_resource.clear()


def planned(page, **more):
    """Make a plan as a click does, although the sample's newest export is old."""
    page.text_input[0].set_value("the sample is of November").run()
    button(page, "Make a plan").click().run()
    assert not page.exception
    return page


def test_without_a_plan_the_screen_says_that_a_plan_sends_nothing(sample_home):
    page = open_page("refire")
    assert any(text.startswith("No plan yet. A plan sends nothing") for text in texts(page))


def test_a_plan_of_the_ticked_findings_holds_exactly_these(sample_home):
    store, run_id = newest(sample_home)
    chosen = findings(store, run_id, only=FindingFilter("missing_event"), limit=3)
    page = open_page("refire")
    page.session_state["refire"] = FindingFilter(ids=tuple(row["ref"] for row in chosen))
    planned(page.run())
    known = known_plans(store)[0]
    made = read_plan(store, known.id, host=known.host)
    meant = {*(one.finding_ref for one in made.postbacks), *(b.finding_ref for b in made.blocked)}
    assert meant == {row["ref"] for row in chosen}
    assert "refire" not in page.session_state


def test_a_wrong_phrase_approves_nothing_and_the_right_one_does(sample_home):
    """The phrase is looked at by `approve`, not by the page."""
    store, _ = newest(sample_home)
    page = planned(open_page("refire"))
    known = known_plans(store)[0]
    made = read_plan(store, known.id, host=known.host)
    field = page.text_input(key=f"phrase_{made.id}_{made.host}")
    field.set_value("fire all").run()
    button(page, "Approve").click().run()
    assert page.error
    assert read_plan(store, known.id, host=known.host).approved_at is None
    page.text_input(key=f"phrase_{made.id}_{made.host}").set_value(made.phrase).run()
    button(page, "Approve").click().run()
    assert read_plan(store, known.id, host=known.host).approved_at is not None
    assert button(page, "Fire")


def test_what_was_fired_is_told_by_state_with_its_next_step(sample_home):
    store, _ = newest(sample_home)
    page = planned(open_page("refire"))
    known = known_plans(store)[0]
    made = read_plan(store, known.id, host=known.host)
    approve(store, made.id, made.phrase, host=made.host)
    receipt = fire(store, made.id, host=made.host, limit=made.rows)
    page.run()
    states = grid(page, "What it means")
    told = dict(zip(states["State"], states["Postbacks"], strict=True))
    assert told == {state.label: f"{n:,}" for state, n in receipt.counts.items() if n}
    assert len(grid(page, "answer")) == min(made.rows, 100)


def test_what_a_firing_process_says_is_told_on_the_screen(sample_home):
    """It has no screen of its own: why it refused, or ended, stands in its log."""
    store, _ = newest(sample_home)
    page = planned(open_page("refire"))
    known = known_plans(store)[0]
    command = [sys.executable, "-m", "reconcile", "fire", str(known.id), "--detach"]
    subprocess.run([*command, "--host", known.host], check=True, stdout=subprocess.DEVNULL)
    made = read_plan(store, known.id, host=known.host)
    for _ in range(600):
        if "approve" in detached_said(store, made.id, host=made.host):
            break
        time.sleep(0.1)
    approve(store, made.id, made.phrase, host=made.host)
    page.run()
    assert any("not approved" in one.value or "approve" in one.value for one in page.code)


def test_an_address_opens_a_plan(sample_home):
    store, run_id = newest(sample_home)
    page = planned(open_page("refire"))
    known = known_plans(store)[0]
    again = open_page("refire", plan=f"{known.id}@{known.host}", run=run_id)
    assert again.selectbox(key="plan").value == page.selectbox(key="plan").value
