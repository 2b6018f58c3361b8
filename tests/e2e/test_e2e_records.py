"""Funnels that lead to Re-fire, the list of what was done, and settings, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import SLOW, command_json
from reconcile import (
    FunnelDefinition,
    FunnelStep,
    known_runs,
    open_funnel,
    open_store,
    save_funnel,
)
from reconcile.correcting import read_plan
from reconcile.funnels import recovered_refs
from reconcile.steering import known_plans

pytestmark = pytest.mark.e2e


def test_missing_events_of_a_funnel_become_a_plan_of_exactly_these(page, dashboard):
    """What the plan blocks is counted with it: no finding is lost between the two screens."""
    with open_store(dashboard.home) as store:
        run_id = known_runs(store)[0].record.id
        sales = FunnelDefinition("Sales", (FunnelStep("Sale", ("sale",)),))
        save_funnel(store, sales)
        with open_funnel(store, sales, run_id=run_id, refs=recovered_refs(store, run_id)) as found:
            refs = {row["ref"] for row in found.moved()}
    dashboard.open(page, "funnels?funnel=Sales")
    expect(page.locator(".st-key-funnel_bars .ytick").first).to_be_visible(timeout=SLOW)
    page.get_by_text("What missing events change").click()
    page.get_by_role("button", name=f"Re-fire all {len(refs)}").click(timeout=SLOW)
    page.get_by_text("More than the ordinary").click(timeout=SLOW)
    why = page.get_by_label("Why to plan although the newest event export is old")
    why.fill("made-up data of November")
    why.press("Enter")
    page.get_by_role("button", name="Make a plan").click()
    expect(page.get_by_label("Phrase")).to_be_visible(timeout=SLOW)
    with open_store(dashboard.home) as store:
        known = known_plans(store)[0]
        made = read_plan(store, known.id, host=known.host)
        meant = {one.finding_ref for one in (*made.postbacks, *made.blocked)}
    assert meant == refs
    dashboard.assert_alone()


def test_the_list_of_deeds_leads_to_the_run_that_was_made(page, shown):
    """The first row is the newest deed; its way leads to the very run."""
    said = command_json(shown.home, "activity", "--deed", "run")
    shown.open(page, "activity?deeds=run")
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("[role=grid]")).to_have_attribute("aria-rowcount", str(len(said) + 1))
    box = table.bounding_box()
    page.mouse.click(box["x"] + 300, box["y"] + 35 + 17)
    page.get_by_role("button", name="Go to it (Run)").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="Summary")).to_be_visible(timeout=SLOW)
    assert said[0]["ref"] == known_runs(open_store(shown.home))[0].record.id
    shown.assert_alone()


def test_an_event_setting_is_changed_in_its_cell_and_kept(page, dashboard):
    with open_store(dashboard.home) as store:
        first = min(store.settings(), key=lambda one: (one.campaign_id, one.position))
    dashboard.open(page, f"settings?area=events&campaign={first.campaign_id}")
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("canvas").first).to_be_visible(timeout=SLOW)
    box = table.bounding_box()
    page.mouse.dblclick(box["x"] + 0.4 * box["width"], box["y"] + 35 + 17)
    cell = page.locator(".gdg-style textarea, .gdg-style input").first
    expect(cell).to_be_focused()
    cell.fill("Registered")
    cell.press("Enter")
    page.get_by_role("button", name="Keep these settings").click(timeout=SLOW)
    expect(page.get_by_text(re.compile("^Kept")).first).to_be_visible(timeout=SLOW)
    with open_store(dashboard.home) as store:
        names = {(one.campaign_id, one.event_id): one.name for one in store.settings()}
    assert names[first.campaign_id, first.event_id] == "Registered"
    dashboard.assert_alone()
