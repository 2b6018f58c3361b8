"""From ticked findings to the journal of the sandbox, over pages, orders and a reload."""

from __future__ import annotations

import csv
import io
import re
import shutil

import pytest
from playwright.sync_api import expect

import reconcile
from e2e.conftest import READY, SLOW, command_json
from reconcile import FindingFilter, findings, open_store
from reconcile.correcting import Choice
from reconcile.rehearsing import sandbox_export
from views_help import newest

pytestmark = pytest.mark.e2e

ROW = 35


def fireable(home, copy):
    """Return the ids for which a postback can be planned, told by a plan in a copy of the home."""
    shutil.copytree(home, copy)
    with open_store(copy) as store:
        _, run_id = newest(copy)
        choice = Choice(FindingFilter("missing_event"), old_export="made-up data of November")
        return {
            one.transaction_id for one in reconcile.plan(store, run_id, choice=choice).postbacks
        }


def tick(page, place, said):
    """Tick the row at a place of the page that is shown, scrolled to, and wait for the count."""
    table = page.locator("[class*=st-key-grid_] [data-testid=stDataFrame]")
    expect(table.locator("canvas").first).to_be_visible(timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    top = max(0, ROW * (place - 4))
    table.locator(".dvn-scroller").evaluate("(box, y) => { box.scrollTop = y }", top)
    at = table.locator(".dvn-scroller").evaluate("box => box.scrollTop")
    box = table.bounding_box()
    page.mouse.click(box["x"] + 17, box["y"] + ROW * (place + 1) + 17 - at)
    expect(page.get_by_text(re.compile(f"^{said} ticked")).first).to_be_visible(timeout=SLOW)


def test_five_rows_of_two_pages_sorted_anew_are_fired_and_no_others(page, dashboard, tmp_path):
    """Whatever is sorted and reloaded meanwhile, the journal holds exactly these ids."""
    store, run_id = newest(dashboard.home)
    ids = fireable(dashboard.home, tmp_path / "copy")
    rows = findings(store, run_id, limit=200)
    places = [
        n
        for n, row in enumerate(rows)
        if row["class"] == "missing_event" and row["transaction_id"] in ids
    ]
    first = [n for n in places if n < 100][:3]
    second = [n for n in places if n >= 100][:2]
    assert (len(first), len(second)) == (3, 2)
    meant = {rows[n]["transaction_id"] for n in (*first, *second)}
    dashboard.open(page, "findings")
    for said, place in enumerate(first, start=1):
        tick(page, place, said)
    page.get_by_test_id("stPagination").get_by_text("2", exact=True).click()
    expect(page).to_have_url(re.compile("page=2"))
    for said, place in enumerate(second, start=4):
        tick(page, place - 100, said)
    table = page.locator("[class*=st-key-grid_] [data-testid=stDataFrame]")
    box = table.bounding_box()
    page.mouse.click(box["x"] + 120, box["y"] + 17)  # the head of Class
    expect(page).to_have_url(re.compile("order=class"), timeout=SLOW)
    expect(page.get_by_text(re.compile("^5 ticked")).first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Re-fire 5 ticked").click()
    page.get_by_text("More than the ordinary").click(timeout=SLOW)
    why = page.get_by_label("Why to plan although the newest event export is old")
    why.fill("made-up data of November")
    why.press("Enter")
    page.get_by_role("button", name="Make a plan").click()
    phrase = page.get_by_label("Phrase")
    expect(phrase).to_be_visible(timeout=SLOW)
    phrase.fill(page.locator("code", has_text="FIRE 5 EVENTS").first.inner_text())
    phrase.press("Enter")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Fire", exact=True).click(timeout=SLOW)
    page.reload()  # the process that sends goes on
    expect(page.get_by_text("3 of 5 are done")).to_have_count(1, timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    page.get_by_role("button", name="Fire", exact=True).click(timeout=SLOW)
    expect(page.get_by_text("5 of 5 are done")).to_have_count(1, timeout=SLOW)
    journal = [row["transaction_id"] for row in csv.DictReader(io.StringIO(sandbox_export(store)))]
    assert sorted(journal) == sorted(meant)
    dashboard.assert_alone()


def tab_to(page, name):
    """Press Tab until what is called so has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        named = (
            "e => (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || '')"
        )
        told = page.evaluate(f"({named})(document.activeElement)")
        if told.startswith(name):
            return
    pytest.fail(f"no Tab leads to {name!r}")


def test_findings_are_narrowed_and_decided_on_by_the_keyboard_alone(page, dashboard):
    """From the summary to a decision without a pointer."""
    dashboard.open(page)
    expect(page.get_by_role("button", name="All findings")).to_be_visible(timeout=SLOW)
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Findings")).to_be_visible(timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    tab_to(page, "Class")
    page.keyboard.type("Missing event")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("class=missing_event"), timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    tab_to(page, "Decide on all")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible(timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    tab_to(page, "Accept")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Decision 1: accept")).first).to_be_visible(timeout=SLOW)
    accepted = command_json(dashboard.home, "findings", "--state", "accepted")
    assert {row["class"] for row in accepted} == {"missing_event"}
    assert len(accepted) == len(command_json(dashboard.home, "findings", "--decision", "1")) > 0
    dashboard.assert_alone()
