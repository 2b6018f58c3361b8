"""The queue of findings: filters, pages, the basket, decisions; each as the public API has it."""

from __future__ import annotations

from datetime import date

import pytest
import streamlit as st

from reconcile import (
    FindingFilter,
    RowClass,
    decide,
    finding_totals,
    findings,
    history,
    open_store,
    undo_decision,
)
from reconcile.saved import save_view, saved_views
from views import findings as findings_view
from views_help import SEED, button, grid, load_hostile, newest, open_page, texts


@pytest.fixture(autouse=True)
def fresh_caches():
    """Caches are the process's, and each test has its own home."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.parametrize("bucket", ["missing_event", "status_conflict:rejected", "timing"])
def test_a_class_filters_on_the_server_and_says_what_to_do(sample_home, bucket):
    """Classes that ask nothing of anybody can be looked at, too."""
    store, run_id = newest(sample_home)
    word, _, reason = bucket.partition(":")
    row_class = RowClass(word)
    only = FindingFilter(word, reason or None, all_classes=not row_class.is_finding)
    expected = findings(store, run_id, only=only)
    page = open_page("findings")
    page.selectbox(key="class").set_value(bucket).run()
    table = grid(page, "At stake")
    assert list(table["Transaction id"]) == [row["transaction_id"] or "" for row in expected]
    assert any(text.startswith(f"{len(expected)} findings") for text in texts(page))
    assert any(row_class.next_step in text for text in texts(page))
    assert page.query_params["class"] == bucket


def test_buyer_and_search_narrow_further_and_an_empty_answer_names_the_filter(sample_home):
    store, run_id = newest(sample_home)
    page = open_page("findings")
    page.selectbox(key="buyer").set_value("acme").run()
    assert set(grid(page, "At stake")["Buyer"]) == {"acme"}
    total = sum(
        row["findings"] for row in finding_totals(store, run_id, only=FindingFilter(buyer="acme"))
    )
    page.text_input(key="q").set_value("no such id").run()
    assert "Nothing passes these filters." in texts(page)
    assert f"Without the search: {total} findings." in texts(page)
    button(page, "Clear").click().run()
    assert len(grid(page, "At stake")) == 100


def test_pages_show_each_finding_once_in_the_order_of_the_api(sample_home):
    """100 rows at a time; another filter begins at the first page again."""
    store, run_id = newest(sample_home)
    page = open_page("findings")
    shown = []
    for number in (1, 2, 3):
        page.session_state["page"] = number
        page.run()
        shown += list(grid(page, "At stake")["Where"])
    rows = findings(store, run_id, limit=1000)
    assert len(shown) == len(rows) == 236
    assert shown[-1] == f"{rows[-1]['file'].rsplit('/')[-1]} line {rows[-1]['line']}"
    page.selectbox(key="buyer").set_value("acme").run()
    assert page.session_state["page"] == 1


def test_another_order_is_made_on_the_server_and_stands_in_the_address(sample_home):
    """The first page of the order, not the page that was shown, sorted anew."""
    store, run_id = newest(sample_home)
    page = open_page("findings", page="2")
    page.selectbox(key="order").set_value("-day").run()
    expected = findings(store, run_id, order="-day", limit=100)
    assert list(grid(page, "At stake")["Transaction id"]) == [
        row["transaction_id"] or "" for row in expected
    ]
    assert page.query_params["order"] == "-day"
    assert page.session_state["page"] == 1


def test_the_head_of_a_column_sorts_by_it_and_again_the_other_way(monkeypatch):
    """What the largest matters of falls first; a head that means no order changes none."""
    state: dict[str, object] = {"order": "-at_stake", "page": 3}
    monkeypatch.setattr(findings_view.st, "session_state", state)
    orders = []
    for label in ("Buyer", "Buyer", "Revenue", "Revenue", "Day", "Flags"):
        findings_view._sort_by(label)
        orders.append(state["order"])
    assert orders == ["buyer", "-buyer", "-revenue", "revenue", "-day", "-day"]
    assert state["page"] == 1


def test_a_click_on_a_head_unticks_nothing(monkeypatch):
    """The table reports no ticks then; the basket keeps them."""
    basket = {"r1": {"ref": "r1"}}
    chosen = {"selection": {"rows": [], "columns": ["Buyer"], "cells": []}}
    state = {"grid": chosen, "baskets": {"run": basket}}
    monkeypatch.setattr(findings_view.st, "session_state", state)
    findings_view._picked("grid", [{"ref": "r1", "finding": "f1"}], "run")
    assert list(basket) == ["r1"]


def field(page, label):
    """Return the first text field whose label begins so."""
    return next(one for one in page.text_input if one.label.startswith(label))


def test_a_view_is_saved_opened_renamed_and_removed(sample_home):
    """Opened it fills the fields, and whatever was chosen before is gone."""
    store, _ = newest(sample_home)
    page = open_page("findings", buyer="acme", order="-day")
    field(page, "Save what is shown").set_value("acme, newest")
    button(page, "Save the view").click().run()
    [kept] = saved_views(store)
    assert (kept.name, kept.only, kept.order) == (
        "acme, newest",
        FindingFilter(buyer="acme"),
        "-day",
    )
    other = open_page("findings", **{"class": "missing_event"})
    button(other, r"acme\, newest").click().run()
    assert (other.selectbox(key="buyer").value, other.selectbox(key="class").value) == (
        "acme",
        None,
    )
    assert other.query_params == {"buyer": "acme", "order": "-day", "view": "acme, newest"}
    field(other, "Another name").set_value("acme")
    button(other, "Rename it").click().run()
    assert other.query_params["view"] == "acme"
    button(other, "Remove this view").click().run()
    assert not saved_views(store)
    assert "view" not in other.query_params


def test_what_a_view_asks_beside_the_fields_is_told_and_counts(sample_home):
    """A view of the command line may ask what the screen has no field for."""
    store, run_id = newest(sample_home)
    only = FindingFilter(buyer="acme", day_from=date(2026, 11, 12))
    save_view(store, "late", only)
    page = open_page("findings", view="late")
    rows = findings(store, run_id, only=only)
    assert len(grid(page, "At stake")) == len(rows)
    assert any("also asks: day from 2026-11-12" in text for text in texts(page))
    button(page, "Show all findings").click().run()
    assert len(grid(page, "At stake")) == 100
    assert any(
        "No view is called 'gone'" in one for one in texts(open_page("findings", view="gone"))
    )


def test_an_address_shows_what_a_decision_was_on(sample_home):
    store, run_id = newest(sample_home)
    made = decide(store, run_id, "accept", only=FindingFilter("missing_event", buyer="acme"))
    page = open_page("findings", decision=str(made.decision))
    assert len(grid(page, "At stake")) == made.findings
    assert any(f"decision 1 was on: {made.findings} findings" in text for text in texts(page))
    gone = open_page("findings", decision="77")
    assert any("There is no decision 77" in text for text in texts(gone))


def test_an_address_opens_a_run_a_filter_and_a_finding(sample_home):
    """What a colleague is sent is what a colleague sees."""
    store, run_id = newest(sample_home)
    row = findings(store, run_id, only=FindingFilter(row_class="missing_event"), limit=1)[0]
    address = {"run": run_id, "class": "missing_event", "finding": row["ref"]}
    page = open_page("findings", **address)
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
    page = open_page("findings", **address)
    assert len(grid(page, "At stake")) == 100


def test_an_address_of_a_finding_that_is_gone_says_so(sample_home):
    page = open_page("findings", finding="claim:none:1")
    assert any("has no row claim:none:1" in text for text in texts(page))


def tick(page, run_id, rows):
    """Put findings into the basket, as a click on their boxes does."""
    page.session_state["baskets"] = {run_id: {row["ref"]: row for row in rows}}
    page.run()


def test_ticked_findings_of_several_pages_are_decided_on_and_no_others(sample_home):
    """They are known by their rows: neither page nor order counts."""
    store, run_id = newest(sample_home)
    rows = findings(store, run_id, limit=1000)
    chosen = [rows[3], rows[150], rows[200]]
    page = open_page("findings")
    tick(page, run_id, chosen)
    assert any(text.startswith("3 ticked, ") for text in texts(page))
    button(page, "Decide on 3 ticked").click().run()
    page.selectbox(key="put_in_action").set_value("ignore").run()
    assert any("takes a reason" in text for text in texts(page))
    page.text_input(key="put_in_reason").set_value("too small").run()
    button(page, "Ignore: 3 findings").click().run()
    ignored = findings(store, run_id, only=FindingFilter(state="ignored"))
    assert {row["ref"] for row in ignored} == {row["ref"] for row in chosen}
    assert page.success[0].value == r"Decision 1\: ignore\, 3 findings\."
    assert not page.session_state["baskets"][run_id]


def test_a_decision_is_taken_back_where_it_was_made(sample_home):
    store, run_id = newest(sample_home)
    page = open_page("findings")
    tick(page, run_id, findings(store, run_id, limit=2))
    button(page, "Decide on 2 ticked").click().run()
    button(page, "Accept: 2 findings").click().run()
    assert len(findings(store, run_id, only=FindingFilter(state="accepted"))) == 2
    button(page, "Undo").click().run()
    assert not findings(store, run_id, only=FindingFilter(state="accepted"))
    assert not page.success


def test_what_asks_nothing_of_anybody_is_not_decided_on(sample_home):
    store, _ = newest(sample_home)
    page = open_page("findings", **{"class": "timing"})
    button(page, "Decide on all").click().run()
    assert any(text.startswith("None of these asks for a decision") for text in texts(page))
    assert not any(one.label.startswith("Accept:") for one in page.button)
    assert not history(store)


def test_an_undo_that_comes_too_late_is_told(sample_home):
    store, run_id = newest(sample_home)
    page = open_page("findings")
    tick(page, run_id, findings(store, run_id, limit=1))
    button(page, "Decide on 1 ticked").click().run()
    button(page, "Accept: 1 findings").click().run()
    undo_decision(store, 1)
    button(page, "Undo").click().run()
    assert not page.exception
    assert any("decision 1" in text.lower() for text in texts(page))


def test_without_a_tick_the_filter_is_decided_on(sample_home):
    store, run_id = newest(sample_home)
    only = FindingFilter("missing_event", buyer="acme")
    count = len(findings(store, run_id, only=only))
    page = open_page("findings", **{"class": "missing_event", "buyer": "acme"})
    button(page, f"Decide on all {count} that pass").click().run()
    button(page, f"Accept: {count} findings").click().run()
    assert len(findings(store, run_id, only=FindingFilter(state="accepted"))) == count


def test_what_others_decide_meanwhile_is_seen_at_the_next_look(sample_home):
    """A kept answer holds until the next decision, whoever makes it."""
    store, run_id = newest(sample_home)
    page = open_page("findings")
    first = findings(store, run_id, limit=1)[0]
    assert grid(page, "At stake").iloc[0]["State"] == "Open"
    decide(store, run_id, "dispute", only=FindingFilter(ids=(first["finding"],)))
    page.run()
    assert grid(page, "At stake").iloc[0]["State"] == "Disputed"


def test_the_detail_tells_what_was_decided_on_a_finding_and_by_whom(sample_home):
    store, run_id = newest(sample_home)
    row = findings(store, run_id, limit=1)[0]
    named = FindingFilter(ids=(row["finding"],))
    decide(store, run_id, "ignore", only=named, reason="agreed by phone", user="ann")
    page = open_page("findings", finding=row["ref"])
    said = grid(page, "Taken back")
    assert list(said["Who"]) == ["ann"]
    assert list(said["Reason"]) == ["agreed by phone"]
    assert len(history(store, row["finding"])) == 1


def test_only_missing_events_can_be_fired_again(sample_home):
    store, run_id = newest(sample_home)
    page = open_page("findings", **{"class": "duplicate_event"})
    assert button(page, "Re-fire").disabled
    missing = findings(store, run_id, only=FindingFilter("missing_event"), limit=2)
    tick(page, run_id, missing)
    assert not button(page, "Re-fire 2 ticked").disabled


def test_all_that_pass_are_ticked_at_once_and_unticked(sample_home):
    _, run_id = newest(sample_home)
    page = open_page("findings")
    button(page, "Tick all 236").click().run()
    assert len(page.session_state["baskets"][run_id]) == 236
    button(page, "Untick all").click().run()
    assert not page.session_state["baskets"][run_id]


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
    page = open_page("findings", finding=ref)
    assert any(SEED in text for text in texts(page))
    assert "evil.invalid" not in str(read_as_markdown(page))
    page.text_input(key="q").set_value(SEED).run()
    page.selectbox(key="buyer").set_value(SEED).run()
    assert set(grid(page, "At stake")["Buyer"]) == {SEED}
    assert "evil.invalid" not in str(read_as_markdown(page))
