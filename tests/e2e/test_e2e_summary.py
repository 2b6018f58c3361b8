"""The summary in a real browser: what a user clicks, and what the browser must never do."""

from __future__ import annotations

import csv
import io
import re
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2e.conftest import SLOW, command_json
from reconcile import FindingFilter, finding_totals, findings, headlines, open_store
from reconcile.correcting import read_plan
from reconcile.rehearsing import sandbox_export
from reconcile.showing import money
from reconcile.steering import known_plans
from views_help import load_hostile, newest

pytestmark = pytest.mark.e2e

# Streamlit's own: boxes that scroll without focus, and charts drawn as pictures without a name.
STREAMLITS_OWN = {"svg-img-alt", "scrollable-region-focusable"}


def count(store, run_id, **only):
    """Return how many findings the public API counts."""
    totals = finding_totals(store, run_id, only=FindingFilter(**only))
    return sum(row["findings"] for row in totals)


def bar(page, label):
    """Return the middle of a bar of the bridge, found by the row of its label."""
    chart = page.locator(".st-key-bridge_USD_0 .js-plotly-plot")
    row = chart.locator(".ytick", has_text=re.compile(rf"^{label}\s*$")).bounding_box()
    middle = row["y"] + row["height"] / 2
    boxes = [path.bounding_box() for path in chart.locator(".bars .point path").all()]
    box = min(boxes, key=lambda box: abs(box["y"] + box["height"] / 2 - middle))
    return box["x"] + box["width"] / 2, middle


def test_a_click_on_a_bar_leads_to_the_findings_that_the_api_counts(page, shown):
    """The figures, the bar, the queue, its detail and the address all tell the same."""
    store, run_id = newest(shown.home)
    shown.open(page)
    line = headlines(store, run_id)[0]
    metrics = page.get_by_test_id("stMetricValue")
    expect(metrics).to_have_text(
        [money(line.events), money(line.claims), "-1,889.08", "91.85 %", f"{line.all_findings:,}"],
    )
    expect(page.locator(".st-key-bridge_USD_0 .ytick").first).to_be_visible(timeout=30_000)
    page.mouse.click(*bar(page, "Missing event"))
    only = FindingFilter("missing_event", currency="USD")
    rows = findings(store, run_id, only=only)
    expect(page.get_by_text(f"{len(rows)} findings").first).to_be_visible()
    expect(page).to_have_url(re.compile("/findings.*class=missing_event.*cur=USD"))
    table = page.locator("[class*=st-key-grid_] [data-testid=stDataFrame]")
    expect(table.locator("[role=grid]")).to_have_attribute("aria-rowcount", str(len(rows) + 1))
    box = table.bounding_box()
    page.mouse.click(box["x"] + 90, box["y"] + 35 + 17)
    expect(page.get_by_text(f"line {rows[0]['line']}); no event")).to_be_visible()
    expect(page).to_have_url(re.compile("finding=claim"))
    shown.assert_alone()


def test_rows_ticked_on_two_pages_are_decided_on_and_no_others(page, dashboard):
    """Streamlit keeps a selection by position; the wrong findings would be decided on."""
    store, run_id = newest(dashboard.home)
    rows = findings(store, run_id, limit=200)
    dashboard.open(page, "findings")
    table = page.locator("[class*=st-key-grid_] [data-testid=stDataFrame]")
    expect(table.locator("canvas").first).to_be_visible(timeout=30_000)
    box = table.bounding_box()
    for place in (0, 2):
        page.mouse.click(box["x"] + 17, box["y"] + 35 * (place + 1) + 17)
        expect(page.get_by_text(re.compile(rf"^{place // 2 + 1} ticked")).first).to_be_visible()
    page.get_by_test_id("stPagination").get_by_text("2", exact=True).click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.get_by_text(re.compile("^2 ticked")).first).to_be_visible()
    page.mouse.click(box["x"] + 17, box["y"] + 35 * 2 + 17)
    expect(page.get_by_text(re.compile("^3 ticked")).first).to_be_visible()
    page.get_by_role("button", name="Decide on 3 ticked").click()
    page.get_by_role("button", name="Accept: 3 findings").click()
    expect(page.get_by_text("Decision 1: accept, 3 findings.").first).to_be_visible()
    accepted = findings(store, run_id, only=FindingFilter(state="accepted"))
    assert {row["ref"] for row in accepted} == {rows[n]["ref"] for n in (0, 2, 101)}


def test_what_is_fired_from_the_screen_is_what_the_sandbox_stored(page, dashboard):
    """From two ticked findings to the journal; a wrong phrase is refused before."""
    store, run_id = newest(dashboard.home)
    rows = findings(store, run_id, only=FindingFilter("missing_event"), limit=2)
    dashboard.open(page, "findings?class=missing_event")
    table = page.locator("[class*=st-key-grid_] [data-testid=stDataFrame]")
    expect(table.locator("canvas").first).to_be_visible(timeout=30_000)
    box = table.bounding_box()
    for place in (0, 1):
        page.mouse.click(box["x"] + 17, box["y"] + 35 * (place + 1) + 17)
        expect(page.get_by_text(re.compile(rf"^{place + 1} ticked")).first).to_be_visible()
    page.get_by_role("button", name="Re-fire 2 ticked").click()
    page.get_by_text("More than the ordinary").click()
    why = page.get_by_label("Why to plan although the newest event export is old")
    why.fill("made-up data of November")
    why.press("Enter")
    page.get_by_role("button", name="Make a plan").click()
    phrase = page.get_by_label("Phrase")
    phrase.fill("FIRE EVERYTHING")
    phrase.press("Enter")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_test_id("stAlert").last).to_be_visible()
    known = known_plans(store)[0]
    made = read_plan(store, known.id, host=known.host)
    assert made.approved_at is None
    phrase.fill(made.phrase)
    phrase.press("Enter")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Fire", exact=True).click()
    done = page.get_by_text(f"{made.rows} of {made.rows} are done")
    expect(done).to_have_count(1, timeout=60_000)
    stored = csv.DictReader(io.StringIO(sandbox_export(store)))
    meant = {row["transaction_id"] for row in rows} - {one.transaction_id for one in made.blocked}
    assert {row["transaction_id"] for row in stored} == meant
    dashboard.assert_alone()


def test_the_first_click_of_a_new_user_shows_the_sample(page, empty_dashboard):
    """Clicked twice it is loaded once, and whole though the page is loaded anew meanwhile."""
    empty_dashboard.open(page)
    page.get_by_role("button", name="Try with sample data").dblclick()
    expect(page.get_by_text("Loading the sample").first).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("63,238.32", timeout=60_000)
    assert len(command_json(empty_dashboard.home, "runs")) == 1
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No data yet").first).to_be_visible()
    empty_dashboard.assert_alone()


def test_a_sample_that_is_stopped_says_so_and_its_rest_can_be_loaded(page, empty_dashboard):
    """Of what was stopped half way no figure is shown; afterwards all are there."""
    empty_dashboard.open(page)
    page.get_by_role("button", name="Try with sample data").click()
    expect(page.get_by_text("importing claims_").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Loading the sample: Stopped by").first).to_be_visible()
    expect(page.get_by_text("A part of the sample").first).to_be_visible()
    assert command_json(empty_dashboard.home, "runs") == []
    page.get_by_role("button", name="Load the rest").click()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("63,238.32", timeout=60_000)
    assert len(command_json(empty_dashboard.home, "runs")) == 1


def test_hostile_words_load_nothing_and_draw_no_picture(page, empty_dashboard, tmp_path):
    """An image in a buyer's file would tell its sender who looks, and when."""
    run_id = load_hostile(empty_dashboard.home, tmp_path)
    with open_store(empty_dashboard.home) as store:
        ref = findings(store, run_id, limit=1)[0]["ref"]
    empty_dashboard.open(page)
    expect(page.locator(".js-plotly-plot .ytick").first).to_be_visible(timeout=30_000)
    empty_dashboard.open(page, f"findings?finding={ref}")
    expect(
        page.get_by_text("Each of these").or_(page.get_by_text("Next step")).first
    ).to_be_visible()
    assert page.locator("img[src*='evil.invalid']").count() == 0
    empty_dashboard.assert_alone()


def faults(page):
    """Return what axe finds wrong on a page, by rule, but for what is Streamlit's own."""
    found = {one["id"]: one["nodes"] for one in Axe().run(page).response["violations"]}
    return {
        rule: [node["html"][:200] for node in nodes]
        for rule, nodes in found.items()
        if rule not in STREAMLITS_OWN
    }


def test_every_screen_is_accessible_on_light_and_on_dark_ground(browser, shown):
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 2400})
        page = context.new_page()
        for screen, drawn in (
            ("", ".js-plotly-plot .ytick"),
            ("findings", "[data-testid=stDataFrame] canvas"),
            ("refire", "text=No plan yet"),
            ("import?part=batches", "[data-testid=stDataFrame] canvas"),
            ("import?part=reconcile", "text=Zone of the days"),
            ("funnels", ".st-key-funnel_bars .ytick"),
            ("activity", "[data-testid=stDataFrame] canvas"),
            ("settings", "text=Zone of the days"),
            ("settings?area=events", "[data-testid=stDataFrame] canvas"),
        ):
            shown.open(page, screen)
            expect(page.locator(drawn).first).to_be_visible(timeout=SLOW)
            assert faults(page) == {}, (scheme, screen)
        context.close()
    shown.assert_alone()


def test_the_empty_state_is_accessible_on_light_and_on_dark_ground(browser, empty_dashboard):
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        empty_dashboard.open(page)
        expect(page.get_by_role("button", name="Try with sample data")).to_be_visible(timeout=SLOW)
        assert faults(page) == {}, scheme
        context.close()


def test_filters_are_worked_from_the_keyboard_and_the_api_counts_the_same(page, shown):
    store, run_id = newest(shown.home)
    shown.open(page, "findings")
    box = page.locator(".st-key-class input")
    box.fill("Missing event")
    box.press("Enter")
    expect(
        page.get_by_text(f"{count(store, run_id, row_class='missing_event')} findings")
    ).to_be_visible()
    part = findings(store, run_id, only=FindingFilter("missing_event"))[0]["transaction_id"][:6]
    search = page.locator(".st-key-q input")
    search.fill(part)
    search.press("Enter")
    both = count(store, run_id, row_class="missing_event", search=part)
    expect(page.get_by_text(f"{both} findings").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"class=missing_event.*q={part}"))


def test_every_answer_forbids_framing_guessing_and_referrers(shown):
    for path in ("/", "/ready", "/_stcore/health"):
        with urlopen(shown.url + path) as answer:
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
