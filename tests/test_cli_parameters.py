"""Parameters that cannot be meant are refused, each by its name, with what to write instead."""

from __future__ import annotations

import json

import pytest

from cli_help import PERIOD, assert_refused, call, month, write

OPTIONS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("--from", "2026-12-01", "--to", "2026-11-01"): ("2026-12-01", "swap"),
    ("--from", "2026-11-01", "--to", "2026-11-01"): ("period is empty",),
    ("--from", "01/11/2026"): ("01/11/2026", "2026-11-01"),
    ("--from", "2026-11-31"): ("2026-11-31", "2026-11-01"),
    ("--from", "0001-01-01", "--to", "9999-12-31"): ("0001-01-01", "1900-01-01"),
    ("--zone", "Mars/Olympus"): ("Mars/Olympus", "America/Los_Angeles", "PST"),
    ("--zone", "../../etc/passwd"): ("Unknown time zone",),
    ("--zone", "America"): ("Unknown time zone",),
    ("--tolerance", "abc"): ("tolerance", "'abc'", "0.01"),
    ("--tolerance", "-0.01"): ("tolerance", "-0.01"),
    ("--tolerance", "NaN"): ("tolerance", "NaN"),
    ("--tolerance-rel", "1e40"): ("tolerance_rel",),
    ("--grace-days", "many"): ("--grace-days",),
    ("--grace-days", "100000000000"): ("grace_days", "36,525"),
    ("--margin-days", "99999999"): ("margin_days", "36,525"),
    ("--placeholder-limit", "-1"): ("placeholder_limit",),
    ("--status", "good=great"): ("'great'", "approved"),
    ("--status", "good"): ("word=meaning",),
    ("--watermark", "soon"): ("watermark", "'soon'", "2026-12-03"),
    ("--matchd",): ("--matchd",),
    ("--memory-limit", "lots"): ("lots", "512MB"),
    ("--memory-limit", "10MB"): ("10MB", "128MiB"),
}


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_an_option_that_cannot_be_meant_is_refused(tmp_path, home, options):
    """Whatever checks it, the answer is one paragraph and exit code 2."""
    out = tmp_path / "out"
    ran = call("compare", *month(tmp_path), *PERIOD, *options, "--out", out)
    assert_refused(ran, *OPTIONS[options])
    assert not out.exists()


TOML = {
    "x = [": ("is not TOML",),
    "foo = 1": ("foo", "There are", "date_from"),
    'zone = "Nowhere"': ("Nowhere", "America/Los_Angeles"),
    "grace_days = 1.5": ("grace_days", "whole number"),
    "grace_days = true": ("grace_days", "whole number"),
    'buyers = "acme"': ("buyers", "list"),
    'pending_counts = "yes"': ("pending_counts", "true or false"),
    '[status]\ngood = "great"': ("status", "great", "approved"),
    '[status_event]\ngood = ""': ("status_event", "good"),
    "[[event_cover]]\nfrom = 2026-11-01": ("event_cover", "half open"),
    "[[event_cover]]\nfrom = 2026-12-01\nto = 2026-11-01": ("event_cover", "half open"),
    '[[claim_cover]]\nbuyer = "a"\ncampaign = "b"\nfrom = 2026-11-01\nto = 2026-12-01': (
        "claim_cover",
    ),
    "event_cover = [1]": ("event_cover", "array of tables"),
    "watermark = 12:00:00": ("watermark",),
    "date_from = 2026-11-01T00:00:00": ("date_from",),
}


@pytest.mark.parametrize("text", TOML)
def test_a_parameter_file_that_cannot_be_meant_is_refused(tmp_path, home, text):
    """The message names the file."""
    options, path = month(tmp_path), write(tmp_path, "run.toml", text)
    given = ("--from", "2026-11-01") if "date_from" not in text else ()
    given += ("--zone", "UTC") if "zone" not in text else ()
    out = tmp_path / "out"
    ran = call("compare", *options, *given, "--to", "2026-12-01", "--params", path, "--out", out)
    assert_refused(ran, str(path), *TOML[text])
    assert not out.exists()


EVERY = """\
date_from = 2026-11-01
date_to = "2026-12-01"
zone = "America/Los_Angeles"
buyers = ["acme"]
campaigns = ["c1", "c2"]
margin_days = 30
tolerance = 0.05
tolerance_rel = "0.002"
grace_days = 3
watermark = 2026-12-03T00:00:00Z
default_event = "sale"
pending_counts = true
lookback_days = 20
placeholder_limit = 12
currency = "usd"
lead_cover = []

[status]
" Good " = "approved"

[status_event]
funded = "sale"

[[event_cover]]
campaign = "c1"
from = 2026-10-01
to = 2026-12-01

[[claim_cover]]
from = 2026-10-01T00:00:00Z
to = 2026-12-01T00:00:00Z
"""


def test_a_file_may_hold_every_parameter_by_its_name(tmp_path, home):
    """Days are local, times with a zone are theirs; an empty array covers nothing."""
    path, out = write(tmp_path, "run.toml", b"\xef\xbb\xbf" + EVERY.encode()), tmp_path / "out"
    assert call("compare", *month(tmp_path), "--params", path, "--out", out).code == 1
    told = json.loads((out / "summary.json").read_text())["parameters"]
    assert told["buyers"] == ["acme"]
    assert told["currency"] == "USD"
    assert told["tolerance_rel"] == "0.002"
    assert told["status"] == {"good": "approved"}
    assert told["watermark"] == "2026-12-03T00:00:00Z"
    assert told["lead_cover"] == []
    assert told["event_cover"][0]["from"] == "2026-10-01T07:00:00Z"
    assert all(value is not None for value in told.values())


def test_an_option_wins_over_the_file(tmp_path, home):
    """And what the file says and no option does stays."""
    path, out = write(tmp_path, "run.toml", EVERY), tmp_path / "out"
    options = ("--params", path, "--zone", "UTC", "--grace-days", "0", "--out", out)
    assert call("compare", *month(tmp_path), *options).code == 1
    told = json.loads((out / "summary.json").read_text())["parameters"]
    assert (told["zone"], told["grace_days"], told["margin_days"]) == ("UTC", 0, 30)


def test_missing_parameters_are_named_with_an_example(tmp_path, home):
    """All at once, and before a file is read."""
    ran = call("compare", "--events", "nowhere.csv", "--leads", "no.csv", "--out", tmp_path / "o")
    assert_refused(ran, "date_from, date_to, zone", "--from 2026-11-01")


@pytest.mark.parametrize("left_out", ["--events", "--out"])
def test_a_needed_option_that_is_left_out_is_named(tmp_path, home, left_out):
    """As any other mistake."""
    given = {"--events": "events.csv", "--claims": "claims.csv", "--out": "out"}
    pairs = [text for pair in given.items() if pair[0] != left_out for text in pair]
    assert_refused(call("compare", *pairs, *PERIOD), left_out)
