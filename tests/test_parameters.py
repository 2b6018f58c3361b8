"""Parameters of a run: read, checked, written and read again."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reconcile.errors import BadParameters, UnknownZone
from reconcile.matching.parameters import (
    Cover,
    RunParameters,
    load_parameters,
    parameters_of,
)
from reconcile.terms import ClaimStatus

NOVEMBER = {"date_from": "2026-11-01", "date_to": "2026-12-01", "zone": "America/Los_Angeles"}

EVERYTHING = """
date_from = 2026-11-01
date_to = 2026-12-01
zone = "America/Los_Angeles"
buyers = ["acme"]
campaigns = ["c1", "c2"]
margin_days = 10
tolerance = 0.01
tolerance_rel = 0.005
grace_days = 3
watermark = 2026-12-03T00:00:00Z
default_event = "sale"
pending_counts = true
lookback_days = 7
placeholder_limit = 5
currency = "usd"
lead_cover = [{ campaign = "c1", from = 2026-10-01, to = 2026-12-01 }]
event_cover = []
claim_cover = [{ from = 2026-11-01T00:00:00Z, to = 2026-12-01T00:00:00 }]

[status]
" Good " = "approved"

[status_event]
Funded = "sale"

[alias.buyer]
"ACME Inc" = "acme"
"""


def test_a_file_can_say_every_parameter(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(EVERYTHING)
    read = load_parameters(path)
    plain = parameters_of(NOVEMBER)
    said = [
        item.name for item in fields(read) if getattr(read, item.name) != getattr(plain, item.name)
    ]
    assert {*said, "date_from", "date_to", "zone"} == {item.name for item in fields(RunParameters)}
    assert read.tolerance == Decimal("0.01")
    assert read.currency == "USD"
    assert read.status == {"good": ClaimStatus.APPROVED}
    assert read.status_event == {"funded": "sale"}
    assert read.alias == {"buyer": {"ACME Inc": "acme"}}
    assert read.lead_cover == (Cover("c1", datetime(2026, 10, 1, 7), datetime(2026, 12, 1, 8)),)
    assert read.claim_cover == (Cover(None, datetime(2026, 11, 1), datetime(2026, 12, 1, 8)),)
    assert RunParameters.from_json(read.to_json()) == read


def test_an_option_wins_over_the_file(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(EVERYTHING)
    assert load_parameters(path, grace_days=9, zone=None).grace_days == 9


def test_the_period_is_made_of_local_days():
    assert parameters_of(NOVEMBER).period == (datetime(2026, 11, 1, 7), datetime(2026, 12, 1, 8))


def test_a_watermark_with_an_offset_is_brought_to_utc():
    given = NOVEMBER | {"watermark": datetime(2026, 12, 1, 1, tzinfo=UTC)}
    assert parameters_of(given).watermark == datetime(2026, 12, 1, 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"date_to": "2026-11-01"}, "period is empty"),
        ({"date_to": "2026-10-01"}, "period is empty"),
        ({"date_from": None}, "--from"),
        ({"date_from": "1 Nov"}, "2026-11-01"),
        ({"tolerance": "nan"}, "0.01"),
        ({"tolerance": "-1"}, "tolerance"),
        ({"grace_days": 1.5}, "grace_days"),
        ({"margin_days": True}, "margin_days"),
        ({"pending_counts": "yes"}, "pending_counts"),
        ({"buyers": "acme"}, "buyers"),
        ({"status": {"good": "fine"}}, "approved"),
        ({"status": {"Good": "approved", "good ": "rejected"}}, "status"),
        ({"tolerance_rel": "0.1234567891"}, "nine decimals"),
        ({"lead_cover": [{"from": date(2026, 11, 2), "to": date(2026, 11, 1)}]}, "half open"),
        ({"lead_cover": [{"campagne": "c1"}]}, "half open"),
        ({"tolerence": 1}, "tolerance"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_cure(given, told):
    with pytest.raises(BadParameters, match=told):
        parameters_of(NOVEMBER | given)


def test_an_unknown_zone_is_refused():
    with pytest.raises(UnknownZone):
        parameters_of(NOVEMBER | {"zone": "Pacific"})


@pytest.mark.parametrize("text", ["date_from = ", "\x00", "[[["])
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path, text):
    path = tmp_path / "broken.toml"
    path.write_text(text)
    with pytest.raises(BadParameters, match=r"broken\.toml"):
        load_parameters(path)
