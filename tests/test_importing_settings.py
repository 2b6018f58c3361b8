"""Event settings: three values, and a blank is the third."""

from __future__ import annotations

import pytest

from reconcile.errors import BadSettings
from reconcile.importing import load_settings
from reconcile.terms import EventSetting, Known

HEAD = "campaign_id,event_id,name,is_conversion,allows_duplicates,position\n"


def test_csv_and_toml_say_the_same(tmp_path):
    """Yes, no, unknown, and a blank for unknown."""
    table, toml = tmp_path / "settings.csv", tmp_path / "settings.toml"
    table.write_text(HEAD + "c9,sale,Sale,yes,NO,2\n\nc9,call,,,unknown,\n")
    toml.write_text(
        "[[event]]\ncampaign_id='c9'\nevent_id='sale'\nname='Sale'\nis_conversion=true\n"
        "allows_duplicates='no'\nposition=2\n[[event]]\ncampaign_id='c9'\nevent_id='call'\n"
    )
    assert load_settings(table) == load_settings(toml)
    assert load_settings(table) == [
        EventSetting("c9", "sale", "Sale", Known.YES, Known.NO, 2),
        EventSetting("c9", "call"),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("c9,sale,,maybe,,", "line 2: is_conversion must be yes, no or unknown, not 'maybe'"),
        ("c9,,,,,", "line 2: event_id is blank"),
        ("c9,sale,,,,first", "position must be a whole number"),
        ("c9,sale,,,,-1", "position must be a whole number"),
        ("c9,sale,,", "4 cells where the header has 6"),
        ("c9,sale,,,,\nc9,sale,,,,", "line 3: event 'sale' of campaign 'c9' is set a second time"),
        ('c9,"sale,,,,', "is no CSV"),
    ],
)
def test_a_wrong_line_is_told(tmp_path, line, why):
    """File and line, what was found, what may stand there."""
    path = tmp_path / "settings.csv"
    path.write_text(HEAD + line + "\n")
    with pytest.raises(BadSettings, match=f"settings.csv.*{why}"):
        load_settings(path)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("s.csv", "campaign_id,event\n", "unknown name 'event'"),
        ("s.csv", "event_id,name\n", "no column campaign_id"),
        ("s.toml", "[[events]]\n", "must hold .*event"),
        ("s.toml", "[[event]]\nid='x'\n", "unknown name 'id'"),
        ("s.toml", "event = [1]", "must be a table"),
        ("s.toml", "[[event]]\ncampaign_id=[1]\nevent_id='x'", "must be a text"),
        ("s.toml", "x =", "is not TOML"),
    ],
)
def test_a_file_of_another_form_is_told(tmp_path, name, text, why):
    """Nothing is taken from it."""
    (tmp_path / name).write_text(text)
    with pytest.raises(BadSettings, match=why):
        load_settings(tmp_path / name)
    with pytest.raises(BadSettings, match="cannot be read"):
        load_settings(tmp_path / "gone.csv")
