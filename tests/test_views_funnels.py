"""The funnels screen: its figures are those of the API, and its lists lead to Re-fire."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest
import streamlit as st

from reconcile import (
    FunnelDefinition,
    FunnelStep,
    FunnelView,
    ReconcileError,
    open_funnel,
    save_funnel,
)
from reconcile.funnel.files import forget_funnel, known_funnels
from reconcile.funnels import funnels_to_show, recovered_refs
from views import background, lost, opened
from views.opened import OpenFunnel, opened_funnel
from views_help import button, grid, newest, open_page, texts


@pytest.fixture(autouse=True)
def fresh_caches(monkeypatch):
    """Caches are the process's, and each test has its own home; a page in memory waits."""
    monkeypatch.setattr(background, "PATIENCE", 120)
    st.cache_data.clear()
    st.cache_resource.clear()


def test_the_steps_are_those_that_the_api_counts(loaded_sample, monkeypatch):
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    store, _ = newest(loaded_sample)
    name, definition = next(iter(funnels_to_show(store).items()))
    page = open_page("funnels", window="7d", by="pid")
    assert not page.error
    with open_funnel(store, definition) as opened:
        rows = opened.counts(FunnelView(window_s=7 * 86_400, by=("pid",), most=20))
    shown = grid(page, "Of all leads")
    assert list(shown["Leads"]) == [f"{row['reached']:,}" for row in rows]
    assert page.selectbox(key="funnel").value == name
    with open_funnel(store, definition) as opened:
        apart = opened.account()["events_without_lead"]
    assert apart
    assert any(f"events without a lead row: {apart}" in one for one in texts(page))


@pytest.mark.parametrize("show", ["cohorts", "time", "money", "moves"])
def test_every_view_is_drawn_without_a_fault(loaded_sample, monkeypatch, show):
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    page = open_page("funnels", show=show, mode="reconciled", first="2026-10-01")
    assert not page.error
    assert page.segmented_control(key="show").value == show


def test_leads_that_were_lost_are_listed_as_the_api_lists_them(loaded_sample, monkeypatch):
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    store, _ = newest(loaded_sample)
    definition = next(iter(funnels_to_show(store).values()))
    page = open_page("funnels", step="1")
    with open_funnel(store, definition) as opened:
        lost, count = opened.drop_off(1, limit=100), opened.drop_off_count(1)
    assert list(grid(page, "Waits for")["Transaction id"]) == [
        row["transaction_id"] for row in lost
    ]
    assert page.download_button[0].label == f"Download all {count:,}"
    assert len(lost) == 100 < count


def test_missing_events_that_move_leads_are_what_is_planned(sample_home):
    """The list of the screen is the filter that Re-fire gets, and no finding beside it."""
    store, run_id = newest(sample_home)
    sales = FunnelDefinition("Sales", (FunnelStep("Sale", ("sale",)),))
    save_funnel(store, sales)
    with open_funnel(store, sales, run_id=run_id, refs=recovered_refs(store, run_id)) as opened:
        moved = opened.moved()
    page = open_page("funnels", show="moves", funnel="Sales")
    button(page, f"Re-fire all {len(moved):,}").click().run()
    assert set(page.session_state["refire"].ids) == {row["ref"] for row in moved}


def test_a_window_that_cannot_be_meant_is_said_not_raised(loaded_sample, monkeypatch):
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    page = open_page("funnels", window="soon", step="99", by="nothing", show="x", leads="7000")
    assert "soon" in page.error[0].value


def test_the_last_day_that_there_is_leaves_no_lead_out(loaded_sample, monkeypatch):
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    all_leads = grid(open_page("funnels"), "Of all leads")
    assert list(grid(open_page("funnels", last="9999-12-31"), "Of all leads")["Leads"]) == list(
        all_leads["Leads"]
    )


def test_what_a_list_leaves_out_is_said_and_never_fired_in_part(loaded_sample, monkeypatch):
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    page = open_page("funnels", show="money", by="day")
    rows = len(grid(page, "Cost per lead reached"))
    assert rows == 100
    assert any(text.startswith("The first 100 of") for text in texts(page))
    monkeypatch.setattr(lost, "MOST_ROWS", 10)
    page = open_page("funnels", step="1")
    assert button(page, "Re-fire what these leads miss").disabled
    assert "More than 10 leads: narrow them down by days or funnel first." in texts(page)


def test_a_long_answer_is_not_kept(loaded_sample):
    store, _ = newest(loaded_sample)
    opened = OpenFunnel(store, next(iter(funnels_to_show(store).values())), None)
    assert opened.ask("account") is opened.ask("account")
    assert opened.fetch("drop_off", 1, limit=9) is not opened.fetch("drop_off", 1, limit=9)
    assert opened.fetch("drop_off", 1, limit=9) == opened.ask("drop_off", 1, limit=9)


def test_without_steps_the_screen_leads_on_to_the_settings(sample_home):
    store, _ = newest(sample_home)
    store.replace_settings([replace(one, position=None) for one in store.settings()])
    for kept in known_funnels(store):
        forget_funnel(store, kept.name)
    page = open_page("funnels")
    assert any("once its events have positions" in text for text in texts(page))
    assert button(page, "Open the event settings")


def test_a_funnel_that_makes_room_answers_whoever_still_asks_it(loaded_sample):
    """It is closed when the last page has let go of it, and no sooner."""
    store, _ = newest(loaded_sample)
    held = opened_funnel(store, next(iter(funnels_to_show(store).values())), None)
    st.cache_resource.clear()
    assert held.ask("account")
    inner = held._funnel
    del held
    gc.collect()
    with pytest.raises(Exception, match="losed"):
        inner.account()


def test_a_funnel_that_takes_long_says_so_and_one_that_fails_is_tried_again(
    loaded_sample, monkeypatch
):
    """The page does not wait for it."""
    store, _ = newest(loaded_sample)
    definition = next(iter(funnels_to_show(store).values()))
    monkeypatch.setattr(background, "PATIENCE", 0)
    monkeypatch.setenv("RECONCILE_HOME", str(loaded_sample))
    page = open_page("funnels")
    assert page.status[0].label.startswith("Reading leads and events")
    monkeypatch.setattr(background, "PATIENCE", 120)
    st.cache_resource.clear()
    with monkeypatch.context() as patch:
        patch.setattr(opened, "open_funnel", _refuse)
        with pytest.raises(ReconcileError, match="twice"):
            opened_funnel(store, definition, None)
    assert opened_funnel(store, definition, None).ask("account")


def _refuse(*_, **__):
    raise ReconcileError("twice")
