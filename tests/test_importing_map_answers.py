"""An answer is a line of the mapping: put in, checked, and told where it cannot be meant."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
import tomli_w

from reconcile.errors import BadMapping, UnknownZone
from reconcile.importing import Mapping, answered
from reconcile.importing.mapping.mappings import mapping_data, mapping_of

EVERYTHING = """
sender = "acme"
kind = "claim"
sheet = "Data"
member = "a.csv"
zone = "PST"
decimal = ","
currency = "USD"
sum_by = "transaction_id"
delivery = "full"
new_columns = "freeze"
header = 3
ignore = ["id"]
drop = ["Email"]
hash = ["Phone"]
trust = ["Ref"]
headers = ["a", "b"]

[date_format]
"*" = "%d.%m.%Y"
"Sale Date" = "unix"

[columns]
transaction_id = "Ref"
revenue = ["a", "b"]

[constants]
buyer = "Acme"

[period]
from = 2026-10-01
to = 2026-11-01

[status]
sold = "approved"

[status_event]
sold = "sale"

[alias.buyer]
"ACME Inc." = "acme"
"""


def test_a_mapping_is_written_as_it_is_read():
    """Every key that a mapping may have, there and back through TOML."""
    mapping = mapping_of("m", tomllib.loads(EVERYTHING))
    written = tomli_w.dumps(mapping_data(mapping))
    assert mapping_of("m", tomllib.loads(written)) == mapping
    assert mapping_data(mapping) == tomllib.loads(EVERYTHING)
    assert mapping_data(Mapping()) == {}


@pytest.mark.parametrize(
    ("answer", "key", "value"),
    [
        ("zone=UTC", "zone", "UTC"),
        ("header=3", "header", 3),
        ("ignore=id", "ignore", ["id"]),
        ("columns.revenue=Payout", "columns", {"revenue": "Payout"}),
        ('columns.revenue=["a", "b"]', "columns", {"revenue": ["a", "b"]}),
        ("columns.buyer=[Who]", "columns", {"buyer": "[Who]"}),
        ("date_format=unix", "date_format", "unix"),
        ("date_format.Sale Date=%d/%m/%Y", "date_format", {"Sale Date": "%d/%m/%Y"}),
        ("status.On Hold=pending", "status", {"on hold": "pending"}),
        ('status."a=b"=pending', "status", {"a=b": "pending"}),
        ("alias.buyer.Acme Inc.=acme", "alias", {"buyer": {"Acme Inc.": "acme"}}),
    ],
)
def test_an_answer_sets_one_line(answer, key, value):
    """Of a mapping in which nothing else stands."""
    assert mapping_data(answered(None, [answer])) == {key: value}


def test_an_answer_goes_before_what_the_mapping_said():
    """The field has one source, the column one field, and a list grows."""
    told = '{ignore=["a"], columns={revenue="x", buyer="y"}, constants={event_id="sale"}}'
    mapping = mapping_of("m", tomllib.loads(f"m={told}")["m"])
    got = answered(mapping, ["columns.revenue=a", "columns.event_id=y", "ignore=b", "ignore=x"])
    assert mapping_data(got) == {
        "ignore": ["b", "x"],
        "columns": {"revenue": "a", "event_id": "y"},
    }


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (["zone"], "--answer zone: has no key, or no value"),
        (["=UTC"], "no key"),
        (["zone="], "no value"),
        (['status."a=b'], "does not end"),
        (["zon=UTC"], "unknown key 'zon'.*Known are"),
        (["columns.lead=x"], "--answer columns.lead=x: unknown field 'lead'"),
        (["status.Sold=fine"], "must be one of approved"),
        (["zone=UTC", "zone=PST"], "--answer zone=UTC and --answer zone=PST contradict"),
        (["header=top"], "number of its line"),
        (["columns=x"], "must be a table"),
        (["alias.pid.x=y"], "unknown key 'pid'"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused(answers, why):
    """The text names the answer."""
    with pytest.raises(BadMapping, match=why):
        answered(None, answers)


def test_an_answered_zone_must_exist():
    """The nearest ones are told."""
    with pytest.raises(UnknownZone, match="Europe/Berlin"):
        answered(None, ["zone=Europe/Berln"])


def test_a_period_is_answered_by_both_its_days():
    """One alone is refused, because a period needs two."""
    both = ["period.from=2026-10-01", "period.to=2026-11-01"]
    assert answered(None, both).period == (date(2026, 10, 1), date(2026, 11, 1))
    for one in both:
        with pytest.raises(BadMapping, match=r"needs (from|to) as a day"):
            answered(None, [one])
