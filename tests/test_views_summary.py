"""The first screen: what stands there in each state, and that it agrees with the public API."""

from __future__ import annotations

import pytest
import streamlit as st

from reconcile import (
    FindingFilter,
    RowClass,
    finding_totals,
    findings,
    headlines,
    known_runs,
    load_parameters,
    open_store,
    run,
)
from reconcile.demo import SAMPLE
from reconcile.matching.parameters import parameters_of
from reconcile.showing import money
from views_help import SEED, load_hostile, open_page

STATUS = load_parameters(SAMPLE / "params.toml").status


@pytest.fixture(autouse=True)
def fresh_caches():
    """Caches are the process's, and each test has its own home."""
    st.cache_data.clear()
    st.cache_resource.clear()


def texts(page):
    """Return what the page says as plain text."""
    return [element.value for element in page.text]


def grid(page, column):
    """Return the first table that has a column."""
    return next(frame.value for frame in page.dataframe if column in frame.value.columns)


def newest(home):
    """Return the store and the id of its newest run."""
    store = open_store(home)
    return store, known_runs(store)[0].record.id


def test_an_empty_store_offers_the_sample_and_says_how_to_import(home):
    page = open_page()
    assert [one.value for one in page.subheader] == ["No data yet"]
    assert [one.label for one in page.button] == ["Try with sample data"]
    assert "reconcile import --kind event events.csv" in page.code[0].value
    assert not page.metric


def test_the_sample_is_one_click_away_and_one_click_gone(home):
    """After the click the summary stands there; after its removal the first card again."""
    page = open_page()
    page.button[0].click().run()
    assert not page.exception
    assert page.metric[0].value == "63,238.32"
    assert page.info[0].value.startswith("Sample data")
    next(one for one in page.button if one.label == "Remove").click().run()
    assert [one.value for one in page.subheader] == ["No data yet"]
    assert not open_store(home).batches()


def test_the_figures_of_every_currency_are_those_of_the_api(sample_home):
    store, run_id = newest(sample_home)
    page = open_page()
    for line in headlines(store, run_id):
        page.segmented_control(key="currency").set_value(line.currency).run()
        assert [one.value for one in page.metric][:3] == [
            money(line.events),
            money(line.claims),
            money(line.gap, sign=True),
        ]
        assert page.metric[4].value == f"{line.findings:,}"


@pytest.mark.parametrize("bucket", ["missing_event", "status_conflict:rejected", "timing"])
def test_a_class_filters_on_the_server_and_says_what_to_do(sample_home, bucket):
    """Classes that ask nothing of anybody can be looked at, too."""
    store, run_id = newest(sample_home)
    word, _, reason = bucket.partition(":")
    row_class = RowClass(word)
    only = FindingFilter(word, reason or None, all_classes=not row_class.is_finding)
    expected = findings(store, run_id, only=only)
    page = open_page()
    page.selectbox(key="class").set_value(bucket).run()
    table = grid(page, "At stake")
    assert list(table["Transaction id"]) == [row["transaction_id"] or "" for row in expected]
    assert any(text.startswith(f"{len(expected)} findings") for text in texts(page))
    assert any(row_class.next_step in text for text in texts(page))
    assert page.query_params["class"] == bucket


def test_buyer_and_search_narrow_further_and_an_empty_answer_names_the_filter(sample_home):
    store, run_id = newest(sample_home)
    page = open_page()
    page.selectbox(key="buyer").set_value("acme").run()
    assert set(grid(page, "At stake")["Buyer"]) == {"acme"}
    total = sum(
        row["findings"] for row in finding_totals(store, run_id, only=FindingFilter(buyer="acme"))
    )
    page.text_input(key="q").set_value("no such id").run()
    assert "Nothing passes these filters." in texts(page)
    assert f"Without the search: {total} findings." in texts(page)
    next(one for one in page.button if one.label.startswith("Clear")).click().run()
    assert len(grid(page, "At stake")) == 100


def test_pages_show_each_finding_once_in_the_order_of_the_api(sample_home):
    """100 rows at a time; another filter begins at the first page again."""
    store, run_id = newest(sample_home)
    page = open_page()
    shown = []
    for number in (1, 2, 3):
        page.session_state["page"] = number
        page.run()
        shown += list(grid(page, "At stake")["Source"])
    rows = findings(store, run_id, limit=1000)
    assert len(shown) == len(rows) == 236
    assert shown[-1] == f"{rows[-1]['file'].rsplit('/')[-1]} line {rows[-1]['line']}"
    page.selectbox(key="buyer").set_value("acme").run()
    assert page.session_state["page"] == 1


def test_an_address_opens_a_run_a_filter_and_a_finding(sample_home):
    """What a colleague is sent is what a colleague sees."""
    store, run_id = newest(sample_home)
    row = findings(store, run_id, only=FindingFilter(row_class="missing_event"), limit=1)[0]
    address = {"run": run_id, "class": "missing_event", "finding": row["ref"], "currency": "GBP"}
    page = open_page(**address)
    assert page.segmented_control(key="currency").value == "GBP"
    assert page.selectbox(key="class").value == "missing_event"
    assert any("no event" in text and f"line {row['line']}" in text for text in texts(page))
    assert grid(page, "Field").iloc[0]["Claim"].endswith(f"line {row['line']}")
    assert grid(page, "Field").iloc[0]["Event"] == "none"


@pytest.mark.parametrize(
    "address",
    [
        {"run": "no-such-run", "class": "no_such_class", "buyer": "nobody", "currency": "XXX"},
        {"page": "99"},
        {"page": "zero"},
        {"page": "-1"},
    ],
    ids=str,
)
def test_an_address_of_what_is_gone_shows_what_there_is(sample_home, address):
    page = open_page(**address)
    assert page.metric[0].value == "63,238.32"
    assert len(grid(page, "At stake")) == 100


def test_an_address_of_a_finding_that_is_gone_says_so(sample_home):
    page = open_page(finding="claim:none:1")
    assert any("has no row claim:none:1" in text for text in texts(page))


def test_sources_tell_rows_and_time_of_each_file_and_all_rows_are_accounted_for(sample_home):
    page = open_page()
    sources = grid(page, "Rejected")
    assert len(sources) == 9
    assert set(sources["In this run"]) == {"yes"}
    counts = grid(page, "Rows read")
    for _, side in counts.iterrows():
        parts = [int(value.replace(",", "")) for name, value in side.items() if name != "Side"]
        assert parts[0] == sum(parts[1:])


def test_the_newest_run_stands_first_and_an_older_one_can_be_chosen(sample_home):
    store, older = newest(sample_home)
    values = {"date_from": "2026-11-01", "date_to": "2026-11-08", "zone": "America/Los_Angeles"}
    newer = run(store, parameters_of(values | {"status": STATUS, "currency": "USD"})).id
    page = open_page()
    choice = page.selectbox(key="run")
    assert choice.value == newer
    assert [label[:24] for label in choice.options] == [
        "2026-11-01 to 2026-11-07",
        "2026-11-01 to 2026-11-30",
    ]
    choice.set_value(older).run()
    assert page.metric[0].value == "63,238.32"
    assert page.query_params["run"] == older


def test_a_warehouse_that_cannot_be_read_is_told_in_a_sentence(home):
    (home / "catalog.sqlite").write_bytes(b"this is no database, whatever its name says")
    page = open_page()
    assert page.error[0].value == "The warehouse cannot be read."
    assert any("catalog.sqlite" in text for text in texts(page))


def test_loaded_data_without_a_run_says_how_to_start_one(sample_home):
    """A run whose batches were undone does not stand for those that are there."""
    store, _ = newest(sample_home)
    store.undo(next(batch.id for batch in store.batches() if "fathom" in batch.file))
    page = open_page()
    assert [one.value for one in page.subheader] == ["Loaded, not yet reconciled"]
    assert page.code[0].value.startswith("reconcile run --from")


def test_a_run_that_reached_no_row_shows_where_the_rows_are(sample_home):
    store, _ = newest(sample_home)
    values = {"date_from": "2026-08-01", "date_to": "2026-08-02", "zone": "UTC", "margin_days": 40}
    run(store, parameters_of(values | {"status": STATUS}))
    page = open_page()
    assert any(text.startswith("No row lies in this period") for text in texts(page))
    assert not page.metric


def read_as_markdown(page):
    """Return all texts of a page that are read as Markdown."""
    marked = [*page.markdown, *page.header, *page.subheader, *page.info, *page.caption]
    read = [element.value for element in marked]
    read += [part for one in page.metric for part in (one.label, one.value, one.delta, one.help)]
    return read + [one.label for one in (*page.selectbox, *page.button, *page.text_input)]


def test_words_of_a_file_never_become_markup(home, tmp_path):
    """They stand in tables and plain text only, whatever is chosen."""
    run_id = load_hostile(home, tmp_path)
    with open_store(home) as store:
        ref = findings(store, run_id, limit=1)[0]["ref"]
    page = open_page(finding=ref)
    assert any(SEED in text for text in texts(page))
    assert "evil.invalid" not in str(read_as_markdown(page))
    page.text_input(key="q").set_value(SEED).run()
    page.selectbox(key="buyer").set_value(SEED).run()
    assert set(grid(page, "At stake")["Buyer"]) == {SEED}
    assert "evil.invalid" not in str(read_as_markdown(page))
