"""The first screen: what stands there in each state, and that it agrees with the public API."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from reconcile import (
    FindingFilter,
    findings,
    headlines,
    import_file,
    jobs,
    load_parameters,
    open_store,
    run,
)
from reconcile.demo import SAMPLE, SENDER
from reconcile.errors import BadFile
from reconcile.matching.parameters import parameters_of
from reconcile.showing import money
from reconcile.terms import Kind
from views_files import LEADS
from views_help import button, grid, newest, open_page, texts, work_here

STATUS = load_parameters(SAMPLE / "params.toml").status


@pytest.fixture(autouse=True)
def fresh_caches():
    """Caches are the process's, and each test has its own home."""
    st.cache_data.clear()
    st.cache_resource.clear()


def test_an_empty_store_offers_the_sample_and_leads_to_the_import(home):
    page = open_page()
    assert [one.value for one in page.subheader] == ["No data yet"]
    assert [one.label for one in page.button] == ["Try with sample data", "Import your files"]
    assert not page.metric


def test_the_sample_is_one_click_away_and_one_click_gone(home, monkeypatch):
    """After the click the summary stands there; after its removal the first card again."""
    monkeypatch.setattr(jobs.subprocess, "Popen", work_here)
    page = open_page()
    page.button[0].click().run()
    assert not page.exception
    assert page.metric[0].value == "63,238.32"
    assert page.info[0].value.startswith("Sample data")
    next(one for one in page.button if one.label == "Remove").click().run()
    assert [one.value for one in page.subheader] == ["No data yet"]
    assert not open_store(home).batches()


def test_a_sample_that_cannot_be_loaded_is_said_and_half_of_one_can_be_removed(home, monkeypatch):
    """A process that was killed on its way leaves some of its batches."""

    def half(store, **_):
        import_file(store, SAMPLE / "events.csv", kind=Kind.EVENT, zone="UTC", sender=SENDER)
        raise BadFile("claims_acme.csv: cannot be read.")

    monkeypatch.setattr(jobs.subprocess, "Popen", work_here)
    monkeypatch.setattr(jobs, "load_sample", half)
    page = open_page()
    page.button[0].click().run()
    assert "claims" in page.error[0].value
    button(page, "Remove").click().run()
    assert [one.value for one in page.subheader] == ["No data yet"]


def test_the_rest_of_a_sample_can_be_loaded_and_its_part_is_not_offered_to_be_reconciled(
    home, monkeypatch
):
    """Figures of a part would mislead: no form of a run is offered, with or without older runs."""

    def half(store, **_):
        import_file(store, SAMPLE / "events.csv", kind=Kind.EVENT, zone="UTC", sender=SENDER)
        raise BadFile("claims_acme.csv: cannot be read.")

    monkeypatch.setattr(jobs.subprocess, "Popen", work_here)
    for _ in ("no run", "a run whose sample was removed"):
        page = open_page()
        with monkeypatch.context() as broken:
            broken.setattr(jobs, "load_sample", half)
            button(page, "Try").click().run()
        assert [one.value for one in page.subheader] == ["A part of the sample"]
        assert [one.label for one in page.button] == ["Remove", "Load the rest"]
        page = open_page()  # it is so for whoever comes later
        button(page, "Load the rest").click().run()
        assert page.metric[0].value == "63,238.32"
        button(page, "Remove").click().run()


def test_a_sample_on_its_way_cannot_be_removed(sample_home, monkeypatch):
    """Its other files would still come: it would be there in part."""
    store, _ = newest(sample_home)
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *_, **__: SimpleNamespace(wait=int))
    jobs.start_sample(store)
    for screen in ("summary", "importing"):
        page = open_page(screen)
        assert page.info[0].value == "Sample data, made up, is being loaded."
        assert "Remove" not in [one.label for one in page.button]


def test_a_sample_beside_own_data_is_said_and_can_still_be_removed(sample_home, tmp_path):
    store, _ = newest(sample_home)
    own = tmp_path / "own.csv"
    own.write_text(LEADS)
    batch = import_file(store, own, kind=Kind.LEAD).batch
    page = open_page()
    assert "beside your own" in page.warning[0].value
    button(page, "Remove").click().run()
    assert [one.id for one in store.batches()] == [batch.id]
    assert not open_page().warning


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
        assert page.metric[4].value == f"{line.all_findings:,}"


def test_the_largest_findings_lead_on_to_all_of_them(sample_home):
    store, run_id = newest(sample_home)
    largest = findings(store, run_id, only=FindingFilter(currency="USD"), limit=5)
    page = open_page()
    assert list(grid(page, "Next step")["Transaction id"]) == [
        row["transaction_id"] for row in largest
    ]
    button(page, "All findings in USD").click().run()
    assert page.header[0].value == "Findings"
    assert page.query_params["cur"] == "USD"


def test_sources_tell_rows_and_time_of_each_file_and_all_rows_are_accounted_for(sample_home):
    page = open_page()
    sources = grid(page, "Rejected")
    assert len(sources) == 11
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


def test_loaded_data_without_a_run_leads_to_the_form_of_one(sample_home):
    """A run whose batches were undone does not stand for those that are there."""
    store, _ = newest(sample_home)
    store.undo(next(batch.id for batch in store.batches() if "fathom" in batch.file))
    page = open_page()
    assert [one.value for one in page.subheader] == ["Loaded, not yet reconciled"]
    assert [one.label for one in page.button] == ["Remove", "Reconcile…"]


def test_a_run_that_reached_no_row_shows_where_the_rows_are(sample_home):
    store, _ = newest(sample_home)
    values = {"date_from": "2026-08-01", "date_to": "2026-08-02", "zone": "UTC", "margin_days": 40}
    run(store, parameters_of(values | {"status": STATUS}))
    page = open_page()
    assert any(text.startswith("No row lies in this period") for text in texts(page))
    assert not page.metric
