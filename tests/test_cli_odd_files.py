"""Stranger files: names that are no text, forms of time nobody knows, numbers out of range."""

from __future__ import annotations

import os

import pytest

from cli_help import EVENTS, PERIOD, assert_refused, call, month, write


def test_a_name_that_is_no_text_is_refused(tmp_path, home):
    """Neither the catalog nor a result could hold it."""
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv")
    write(tmp_path, name, EVENTS)
    assert_refused(call("import", name, "--kind", "event"), "caf\\udce9.csv", "Rename it")
    options = month(tmp_path)
    ran = call("compare", *options, "--events", name, *PERIOD, "--out", tmp_path / "out")
    assert_refused(ran, "caf\\udce9.csv", "Rename it")


@pytest.mark.parametrize("form", ["%Q", "%", "day", "%%", "%d/%m/%"])
def test_a_form_of_time_that_nobody_knows_is_refused(tmp_path, home, form):
    """When the mapping is read, by the mapping's name."""
    mapping = write(tmp_path, "acme.toml", f'date_format = "{form}"')
    path = write(tmp_path, "events.csv", EVENTS)
    ran = call("import", path, "--kind", "event", "--mapping", mapping)
    assert_refused(ran, str(mapping), "date_format", "strptime", repr(form))


def test_a_position_beyond_all_reason_is_refused(tmp_path, home):
    """The catalog could not hold it."""
    header = "campaign_id,event_id,position\n"
    path = write(tmp_path, "settings.csv", header + f"c1,sale,{'9' * 30}\n")
    assert_refused(call("settings", path), str(path), "line 2", "position")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\n \n\t\n", b",,\n,,\n"])
def test_a_file_of_blanks_is_said_to_be_blank(tmp_path, home, content):
    """Instead of showing a line that holds nothing."""
    path = write(tmp_path, "blank.csv", content)
    assert_refused(call("import", path, "--kind", "event"), str(path), "blank lines", "header")


def test_a_binary_file_is_told_by_the_line_of_its_first_nul(tmp_path, home):
    """Bytes above 127 before it do not make it a text of mixed encodings."""
    path = write(tmp_path, "x.csv", b"\xc3\xbc\xff\n\x80\xc3\xbc\0\n")
    assert_refused(call("import", path, "--kind", "event"), str(path), "NUL", "line 2")
    path = write(tmp_path, "y.csv", EVENTS.replace("t4", "t\0004"))
    assert_refused(call("import", path, "--kind", "event"), str(path), "NUL", "line 4")
