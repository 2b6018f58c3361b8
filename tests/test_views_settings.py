"""Settings: what is kept on the screen is what the command line and the next run read."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
import streamlit as st

from cli_help import assert_refused, call
from reconcile import import_file, load_parameters, load_settings, open_store
from reconcile.activity import activity
from reconcile.demo import remove_sample
from reconcile.errors import BadParameters, BadSettings, NotFound
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.importing.settings import settings_of, settings_text
from reconcile.importing.teaching import template_text
from reconcile.listing import setting_changes
from reconcile.matching.parameters import parameters_of
from reconcile.terms import EventSetting, Kind, Known
from reconcile.usual import (
    OF_ONE_RUN,
    asked_parameters,
    keep_usual,
    proposed_parameters,
    usual_file,
    usual_parameters,
)
from reconcile.warehouse.aliases import add_aliases, aliases
from views.repeating import _gone, _records
from views_files import LEADS
from views_help import SEED, button, grid, newest, open_page, texts


@pytest.fixture(autouse=True)
def fresh_caches():
    """Caches are the process's, and each test has its own home."""
    st.cache_data.clear()
    st.cache_resource.clear()


def test_tolerances_that_are_kept_are_proposed_and_read_by_the_command(sample_home):
    """The file is one that `--params` takes."""
    store, _ = newest(sample_home)
    page = open_page("settings")
    fields = {field.label: field for field in page.text_input}
    fields["Tolerance, an amount"].set_value("1.25")
    fields["Tolerance, % of the event"].set_value("0.5")
    button(page, "Keep them").click().run()
    assert page.success
    read = load_parameters(usual_file(store), date_from="2026-11-01", date_to="2026-12-01")
    assert (str(read.tolerance), str(read.tolerance_rel)) == ("1.25", "0.005")
    assert proposed_parameters(store)["tolerance"] == "1.25"
    button(page, "Forget them").click().run()
    assert usual_parameters(store) == {}


def test_the_fields_of_the_rules_stand_in_one_order_on_wide_and_narrow_screens(sample_home):
    """Where columns stand below each other, the two tolerances stay neighbours."""
    page = open_page("settings")
    assert [field.label for field in page.text_input] == [
        "Tolerance, an amount",
        "Tolerance, % of the event",
        "Grace, days",
        "Currency of rows that name none",
    ]


def test_a_tolerance_that_cannot_be_meant_keeps_what_was_kept(sample_home):
    store, _ = newest(sample_home)
    keep_usual(store, {"tolerance": "2"})
    page = open_page("settings")
    {field.label: field for field in page.text_input}["Tolerance, an amount"].set_value("a lot")
    button(page, "Keep them").click().run()
    assert "a lot" in page.error[0].value
    assert usual_parameters(store) == {"tolerance": "2"}
    with pytest.raises(BadParameters, match="said for each run"):
        keep_usual(store, {"date_from": "2026-11-01"})


def test_keeping_what_is_shown_changes_no_rule_that_is_not(sample_home):
    """The sample's status words are in no field: the next run is proposed them as before."""
    store, _ = newest(sample_home)
    before = parameters_of(proposed_parameters(store))
    assert before.status
    assert before.watermark
    button(open_page("settings"), "Keep them").click().run()
    assert usual_parameters(store)
    assert parameters_of(proposed_parameters(store)) == before


def test_what_was_said_of_other_files_or_days_is_not_proposed(sample_home, tmp_path):
    """The sample's run says how far its reports speak; other data, or another month, is not it."""
    store, _ = newest(sample_home)
    first = proposed_parameters(store)
    month = {"date_from": "2026-10-01", "date_to": "2026-11-01"}
    assert asked_parameters(first, {**month, "zone": "UTC"}, shown=("currency", "zone")) == {
        **{k: v for k, v in first.items() if k not in (*OF_ONE_RUN, "currency")},
        **month,
        "zone": "UTC",
    }
    own = tmp_path / "own.csv"
    own.write_text(LEADS)
    import_file(store, own, kind=Kind.LEAD)
    second = proposed_parameters(store)
    assert set(first) - set(second) == {"watermark", "lead_cover", "event_cover", "claim_cover"}
    remove_sample(store)
    assert proposed_parameters(store) == {"zone": "UTC", **month}


def test_a_field_that_is_emptied_is_kept_no_more(sample_home):
    """What no field shows stays as it was."""
    store, _ = newest(sample_home)
    keep_usual(store, {"tolerance": "2", "currency": "EUR", "zone": "UTC", "lookback_days": 9})
    page = open_page("settings")
    fields = {field.label: field for field in page.text_input}
    fields["Currency of rows that name none"].set_value("")
    fields["Tolerance, an amount"].set_value("")
    button(page, "Keep them").click().run()
    kept = usual_parameters(store)
    assert not {"currency", "tolerance"} & set(kept)
    assert (kept["zone"], kept["lookback_days"]) == ("UTC", 9)


def test_a_template_is_shown_and_forgotten(sample_home):
    store, _ = newest(sample_home)
    folder = templates_folder(store.home)
    folder.mkdir(exist_ok=True)
    text = 'kind = "claim"\nsender = "acme"\nheaders = ["Lead ID", "Payout"]\n'
    (folder / "acme-claim-1.toml").write_text(text)
    page = open_page("settings", area="templates")
    assert list(grid(page, "Headers")["Template"]) == ["acme-claim-1"]
    page.session_state["template_chosen"] = "acme-claim-1"
    page.run()
    assert page.code[0].value == template_text(store, "acme-claim-1").strip()
    button(page, "Forget this template").click().run()
    assert not load_templates(folder)
    with pytest.raises(NotFound):
        template_text(store, "../catalog")


def test_an_alias_is_added_by_whom_and_hostile_words_stay_text(sample_home):
    store, _ = newest(sample_home)
    page = open_page("settings", area="names")
    fields = {field.label: field for field in page.text_input}
    fields["This spelling"].set_value(SEED)
    fields["stands for"].set_value("acme")
    button(page, "Add it").click().run()
    [made] = aliases(store.catalog)
    assert (made.spelling, made.known_name, bool(made.said_by)) == (SEED, "acme", True)
    assert "](" not in page.success[0].value
    assert list(grid(page, "Stands for")["Spelling"]) == [SEED]


def test_an_alias_that_cannot_be_meant_is_said_not_kept(sample_home):
    store, _ = newest(sample_home)
    add_aliases(store.catalog, [("buyer", "A", "acme")])
    page = open_page("settings", area="names")
    fields = {field.label: field for field in page.text_input}
    fields["This spelling"].set_value("B")
    fields["stands for"].set_value("A")
    button(page, "Add it").click().run()
    assert "stands for" in page.error[0].value
    assert len(aliases(store.catalog)) == 1


def test_event_settings_of_a_campaign_are_shown_and_others_are_not(sample_home):
    store, _ = newest(sample_home)
    campaign = store.settings()[-1].campaign_id
    page = open_page("settings", area="events", campaign=campaign)
    theirs = {one.event_id for one in store.settings() if one.campaign_id == campaign}
    assert set(page.data_editor[0].value["Event"]) == theirs
    assert button(page, "Keep these settings").disabled  # nothing is changed, nothing is kept


def test_rows_of_the_editor_become_settings_as_a_file_would(tmp_path):
    """An empty cell is unknown; a step is a whole number; the text is read back the same."""
    frame = pd.DataFrame(
        {
            "Event": ["sale", "x,1"],
            "Name": ["Sale", None],
            "Is a conversion": ["yes", None],
            "May repeat": ["no", None],
            "Step": pd.array([2, None], dtype="Int64"),
        }
    )
    made = settings_of(_records("solar", frame))
    assert made == [
        EventSetting("solar", "sale", "Sale", Known.YES, Known.NO, 2),
        EventSetting("solar", "x,1", None, Known.UNKNOWN, Known.UNKNOWN, None),
    ]
    path = tmp_path / "settings.csv"
    path.write_text(settings_text(made))
    assert load_settings(path) == made
    with pytest.raises(BadSettings, match="row 2"):
        settings_of([{"campaign_id": "c", "event_id": "e"}, {"campaign_id": "c"}])


def test_an_event_under_another_id_leaves_the_former_one_behind_nowhere(home):
    """What is taken out of the editor is taken away, and stays on record."""
    store = open_store(home)
    sale = EventSetting("c1", "sale", "Sale", Known.YES, Known.NO, 1)
    store.replace_settings([sale, replace(sale, event_id="lead")], user="ann")
    new = [replace(sale, event_id="sold")]
    gone = _gone(store.settings(), new)
    changes = setting_changes(store.settings(), new, gone)
    told = {(row["Event"], row["Change"]) for row in changes}
    assert told == {("sold", "new"), ("sale", "taken away"), ("lead", "taken away")}
    store.replace_settings(new, without=gone, user="bob")
    assert [one.event_id for one in store.settings()] == ["sold"]
    assert [one.who for one in activity(store, deeds=["setting"]).entries] == ["bob", "ann"]
    store.replace_settings([sale])
    assert {one.event_id for one in store.settings()} == {"sold", "sale"}


def test_a_file_of_settings_says_what_it_would_change_before_it_does(home, tmp_path):
    store = open_store(home)
    store.replace_settings([EventSetting("c1", "sale", None, Known.YES, Known.NO, 1)])
    path = tmp_path / "settings.csv"
    path.write_text(
        "campaign_id,event_id,is_conversion,allows_duplicates,position\n"
        "c1,sale,yes,yes,1\nc1,lead,no,no,\n"
    )
    page = open_page("settings", area="events", campaign="c1")
    page.get("file_uploader")[0].upload(path.name, path.read_bytes(), "text/csv").run()
    shown = grid(page, "Change")
    assert list(shown["Change"]) == ["changed", "new"]
    assert [one.allows_duplicates for one in store.settings()] == [Known.NO]
    button(page, "Take over 2 changes").click().run()
    assert len(store.settings()) == 2
    tried = call("settings", str(path), "--dry-run")
    assert "0 event settings would be changed" in tried.out + tried.err
    assert_refused(call("settings", "--remove", "c1", "gone"), "'gone'", "'c1'")
    call("settings", "--remove", "c1", "lead")
    assert [one.event_id for one in store.settings()] == ["sale"]


def test_addresses_of_settings_that_are_not_there_break_nothing(home):
    for area in ("events", "names", "templates", "nonsense"):
        page = open_page("settings", area=area, campaign=json.dumps(SEED))
        assert not page.error
        assert texts(page)
