"""Firing again from the screen: what is planned, what approves it, and what was answered."""

from __future__ import annotations

import shutil
import time
from contextlib import closing

import pytest
import streamlit as st

from firing_world import approved, need, needs
from reconcile import FindingFilter, approve, findings, fire, plan
from reconcile.correcting import Manner, read_plan
from reconcile.firing import Plan, make_plan, open_ledger
from reconcile.steering import detached_said, fire_detached, known_plans
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


@pytest.fixture(scope="module")
def planned_once(loaded_sample, tmp_path_factory):
    """Return a home with the sample and a plan of all its missing events; for reading only."""
    path = tmp_path_factory.mktemp("planned")
    shutil.copytree(loaded_sample, path, dirs_exist_ok=True)
    store, run_id = newest(path)
    plan(store, run_id)
    store.close()
    return path


@pytest.fixture
def made(planned_once, home):
    """Return a store of this test's own that holds the sample and a plan, and the plan."""
    shutil.copytree(planned_once, home, dirs_exist_ok=True)
    store, _ = newest(home)
    known = known_plans(store)[0]
    yield store, read_plan(store, known.id, host=known.host)
    store.close()


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


def test_a_wrong_phrase_approves_nothing_and_the_right_one_does(made):
    """The phrase is looked at by `approve`, not by the page."""
    store, plan = made
    page = open_page("refire")
    field = page.text_input(key=f"phrase_{plan.id}_{plan.host}")
    field.set_value("fire all").run()
    button(page, "Approve").click().run()
    assert page.error
    assert read_plan(store, plan.id, host=plan.host).approved_at is None
    page.text_input(key=f"phrase_{plan.id}_{plan.host}").set_value(plan.phrase).run()
    button(page, "Approve").click().run()
    assert read_plan(store, plan.id, host=plan.host).approved_at is not None
    assert button(page, "Fire")


def test_what_was_fired_is_told_by_state_with_its_next_step(made):
    store, plan = made
    approve(store, plan.id, plan.phrase, host=plan.host)
    receipt = fire(store, plan.id, host=plan.host, limit=plan.rows, manner=Manner(rate=1000))
    page = open_page("refire", plan=f"{plan.id}@{plan.host}")
    states = grid(page, "What it means")
    told = dict(zip(states["State"], states["Postbacks"], strict=True))
    assert told == {state.label: f"{n:,}" for state, n in receipt.counts.items() if n}
    figures = {one.label: one.value.replace("\\", "") for one in page.metric}
    sums = {f"Revenue, {name}": f"{amount:,.2f}" for name, amount in plan.sums.items()}
    assert {name: value for name, value in figures.items() if name in sums} == sums
    assert len(grid(page, "Answer")) == plan.rows
    assert page.selectbox(key="plan").value == f"{plan.id}@{plan.host}"


def test_a_long_plan_is_shown_page_by_page(made, home, monkeypatch):
    """Neither its postbacks, nor what is blocked, nor its answers are read as a whole."""
    store, first = made
    bad = [need(transaction_id=f"b{n}", pid=None) for n in range(120)]
    with closing(open_ledger(home)) as ledger:
        long = approved(ledger, [*needs(220), *bad], first.host)
    fire(store, long, host=first.host, limit=105, manner=Manner(rate=1000))
    for name in ("postbacks", "blocked"):
        monkeypatch.setattr(Plan, name, property(lambda _: pytest.fail("all of it was read")))
    page = open_page("refire")
    ids = [f"t{n}" for n in range(220)]
    assert list(grid(page, "Tries")["Transaction id"]) == ids[:100]
    assert list(grid(page, "Why not")["Transaction id"]) == [f"b{n}" for n in range(100)]
    assert sorted(grid(page, "Answer")["Transaction id"]) == sorted(ids[5:105])
    page.session_state[f"plan_page_{long}@{first.host}"] = 3
    assert list(grid(page.run(), "Tries")["Transaction id"]) == ids[200:]


def test_what_a_firing_process_says_is_told_on_the_screen(made):
    """It has no screen of its own: why it refused, or ended, stands in its log."""
    store, plan = made
    fire_detached(store, plan.id, host=plan.host, options=[])
    end = time.monotonic() + 60
    while "approve" not in detached_said(store, plan.id, host=plan.host):
        assert time.monotonic() < end
        time.sleep(0.05)
    approve(store, plan.id, plan.phrase, host=plan.host)
    page = open_page("refire")
    assert any("is not approved; nothing was sent" in one.value for one in page.code)


def test_two_plans_of_the_same_bytes_each_say_what_they_bring(home, sample_home):
    """A hash is over what is sent, and the buyer is not: a spelling may have become known since."""
    ledger = open_ledger(home)
    for buyer in ("Acme Ltd", "Acme"):
        made = make_plan(ledger, [need(buyer=buyer)], host="http://127.0.0.1:8900")
        ledger.cancel(made.id)
    ledger.close()
    page = open_page("refire")
    assert "Acme" in list(grid(page, "By")["Name"])
    page.selectbox(key="plan").set_value("1@http://127.0.0.1:8900").run()
    assert "Acme Ltd" in list(grid(page, "By")["Name"])
