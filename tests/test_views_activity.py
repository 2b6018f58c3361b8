"""What was done, in one list: from every place that knows of it, a page at a time."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
import streamlit as st

from cli_help import call
from reconcile import (
    FindingFilter,
    approve,
    decide,
    fire,
    jobs,
    open_store,
    plan,
    undo_decision,
)
from reconcile.activity import Deed, activity
from reconcile.correcting import Choice
from reconcile.decisions import this_user
from reconcile.errors import BadParameters
from reconcile.importing import remap
from reconcile.terms import Kind
from reconcile.warehouse.aliases import add_aliases, remove_alias
from views.activity import _name as name_of
from views_help import SEED, button, grid, newest, open_page, texts


@pytest.fixture(autouse=True)
def fresh_caches():
    """Caches are the process's, and each test has its own home."""
    st.cache_data.clear()
    st.cache_resource.clear()


def test_every_deed_is_listed_once_with_who_and_what_the_newest_first(sample_home):
    """A batch that is read again is no undo of it; a file of settings is one deed."""
    store, run_id = newest(sample_home)
    before = activity(store).total
    decide(store, run_id, "accept", only=FindingFilter("missing_event"), user="ann")
    made = plan(store, run_id, choice=Choice(FindingFilter("missing_event"), old_export="old"))
    approve(store, made.id, made.phrase, host=made.host)
    fire(store, made.id, host=made.host)
    batch = store.batches(Kind.CLAIM)[0]
    again = remap(store, batch.id, answers=["zone=UTC"], user="bob").batch
    store.undo(store.batches(Kind.LEAD)[0].id, user="dora")
    store.replace_settings([replace(one, name="x") for one in store.settings()], user="eve")
    add_aliases(store.catalog, [("buyer", SEED, "acme")], said_by="cleo")
    remove_alias(store.catalog, "buyer", SEED, said_by="cleo")
    found = activity(store, limit=9).entries
    assert activity(store).total == before + 9
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert {(one.deed, one.ref) for one in found} >= {
        (Deed.DECISION, "1"),
        (Deed.PLAN, f"{made.id}@{made.host}"),
        (Deed.APPROVAL, f"{made.id}@{made.host}"),
        (Deed.FIRING, f"{made.id}@{made.host}"),
        (Deed.REMAP, again.id),
    }
    who = {one.deed: one.who for one in found}
    assert (who[Deed.DECISION], who[Deed.REMAP], who[Deed.ALIAS]) == ("ann", "bob", "cleo")
    assert (who[Deed.UNDO], who[Deed.SETTING]) == ("dora", "eve")
    assert [one.deed for one in found].count(Deed.UNDO) == 1
    [run] = activity(store, deeds=["run"]).entries
    assert run.who == this_user()


def test_pages_and_kinds_of_the_list_add_up_to_the_whole(sample_home):
    store, _ = newest(sample_home)
    whole = activity(store).entries
    pages = [activity(store, limit=4, offset=n).entries for n in range(0, len(whole), 4)]
    assert [one for page in pages for one in page] == whole
    assert sum(activity(store, deeds=[deed]).total for deed in Deed) == len(whole)
    with pytest.raises(BadParameters, match="No deed is called 'theft'"):
        activity(store, deeds=["theft"])


def test_the_command_lists_the_same_as_the_screen(sample_home):
    store, _ = newest(sample_home)
    page = open_page("activity", deeds="import,run")
    shown = grid(page, "Deed")
    said = call("activity", "--deed", "import", "--deed", "run", "--format", "json").rows
    assert list(shown["About"]) == [row["ref"] for row in said]
    assert list(shown["What"]) == [row["what"] for row in said]
    assert page.query_params["deeds"] == "import,run"
    assert len(said) == activity(store, deeds=["import", "run"]).total


def test_an_old_page_of_the_address_shows_the_first_one(sample_home):
    page = open_page("activity", entries="77", deeds="pack,nonsense")
    assert any("Nothing of this kind" in text for text in texts(page))
    for number in ("77", "9" * 20, "9" * 5000):
        page = open_page("activity", entries=number)
        assert not grid(page, "Deed").empty


def test_a_decision_of_the_list_leads_to_what_it_was_on(sample_home):
    """Also that of an undo, to what it took back."""
    store, run_id = newest(sample_home)
    made = decide(store, run_id, "accept", only=FindingFilter("missing_event", buyer="acme"))
    undo_decision(store, made.decision)
    for number in (1, 2):
        page = open_page("activity")
        entry = activity(store, deeds=["decision"]).entries[2 - number]
        page.session_state["entry"] = name_of(entry)
        page.run()
        button(page, "Go to it").click().run()
        assert page.session_state["decision"] == int(entry.ref) == number
        assert page.session_state["run"] == run_id


def test_what_is_at_work_is_listed_and_stopped(home, tmp_path):
    store = open_store(home)
    slow = tmp_path / "slow.csv"
    os.mkfifo(slow)  # nobody writes into it: whoever reads it waits for ever
    begun = jobs.start_import(store, slow, kind=Kind.CLAIM)
    page = open_page("activity")
    assert any(text.startswith("Importing slow.csv, begun by") for text in texts(page))
    button(page, "Stop").click().run()
    assert jobs.job(store, begun.id).state == "stopped"
    assert not any("Importing" in text for text in texts(open_page("activity")))
    shown = open_page("importing", job=begun.id)
    assert "Stopped by" in shown.warning[0].value


def test_without_a_deed_the_screen_leads_on_to_the_import(home):
    assert button(open_page("activity"), "Import your files")
