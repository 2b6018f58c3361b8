"""From a messy file to a reconciled summary, and back, by clicks alone."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from e2e.conftest import READY, SLOW, command_json
from reconcile import headlines, known_runs, open_store
from reconcile.showing import money
from reconcile.terms import Kind
from views_files import MESSY, load_month

pytestmark = pytest.mark.e2e


def test_a_messy_file_is_answered_by_clicks_and_reconciled(page, empty_dashboard, tmp_path):
    """Every answer is clicked or typed on the screen; the store and the command tell the same."""
    home = empty_dashboard.home
    with open_store(home) as store:
        load_month(store, tmp_path)
    messy = tmp_path / "acme oct.csv"
    messy.write_text(MESSY)
    empty_dashboard.open(page, "import")
    page.locator("input[type=file]").set_input_files(messy)
    page.get_by_text("Claim: a buyer's word").click()
    expect(page.get_by_text("Needs you", exact=True).first).to_be_visible(timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    page.get_by_text("America/Los_Angeles", exact=True).first.click()
    page.get_by_role("button", name="Read it with these answers").click()
    expect(page.get_by_text("columns.transaction_id=Lead Ref").first).to_be_visible(timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    said = page.get_by_role("combobox", name="What you have said of it")
    for line in ("sender=acme", "columns.revenue=Price", "constants.event_id=sale"):
        said.fill(line)
        said.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(quote_plus(line))), timeout=SLOW)
        page.wait_for_selector(READY, timeout=SLOW)
    page.reload()  # what was said stands in the address
    page.get_by_role("button", name="Import as claims").click(timeout=SLOW)
    expect(page.get_by_text(re.compile("Imported.*3 claim rows")).first).to_be_visible(timeout=SLOW)
    with open_store(home) as store:
        batch = store.batches(Kind.CLAIM)[0]
        assert (batch.rows, batch.rejected, batch.zone) == (3, 1, "America/Los_Angeles")
    page.get_by_role("button", name="Reconcile…").click()
    expect(page.get_by_text("Zone of the days").first).to_be_visible(timeout=SLOW)
    page.wait_for_selector(READY, timeout=SLOW)
    page.get_by_role("button", name="Reconcile").last.click()
    page.get_by_role("button", name="Show the summary").click(timeout=SLOW)
    with open_store(home) as store:
        line = headlines(store, known_runs(store)[0].record.id)[0]
    assert (line.events, line.claims) == (Decimal("1121.50"), Decimal("1136.75"))
    figures = page.get_by_test_id("stMetricValue")
    expect(figures.first).to_have_text(money(line.events), timeout=SLOW)
    expect(figures.nth(1)).to_have_text(money(line.claims))
    classes = [row["class"] for row in command_json(home, "findings")]
    assert sorted(classes) == ["missing_event", "revenue_mismatch"]
    empty_dashboard.assert_alone()


def test_an_undone_batch_counts_no_more_and_its_runs_are_stale(page, dashboard):
    home = dashboard.home
    with open_store(home) as store:
        batch = store.batches(Kind.CLAIM)[0]
    dashboard.open(page, f"import?part=batches&batch={batch.id}")
    page.get_by_text("Undo…").click()
    page.get_by_role("button", name="Undo this batch").click()
    expect(page.get_by_text("Runs that read it are stale").first).to_be_visible(timeout=SLOW)
    assert batch.id not in {row["id"] for row in command_json(home, "batches")}
    with open_store(home) as store:
        assert store.batch(batch.id).undone_at is not None
        assert [run.current for run in known_runs(store)] == [False]
    dashboard.assert_alone()
