"""What a person sets about firing: read exactly, or refused with its name and the cure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconcile.errors import BadSettings
from reconcile.firing.settings import Caps, Endpoint, FiringSettings, load_settings

WHOLE = """
host = "https://api.pingtree.com"
allow = ["api.pingtree.com"]
rate = 2.5
second_user = true

[endpoint]
c1 = "global"

[caps]
day_count = 500
plan_revenue = 1000.01
"""


def test_without_a_file_the_sandbox_is_the_only_target(tmp_path):
    """Nothing leaves the machine until a person has written down where to."""
    found = load_settings(tmp_path, {"PATH": "/bin"})
    assert found == FiringSettings()
    assert (found.host, found.allow) == ("http://127.0.0.1:8900", ())


def test_the_file_is_read_and_the_environment_wins(tmp_path):
    """Numbers stay exact; a list in the environment has commas."""
    (tmp_path / "firing.toml").write_text(WHOLE)
    environ = {"RECONCILE_FIRING_RATE": "4", "RECONCILE_FIRING_INACTIVE": "g1, g2"}
    assert load_settings(tmp_path, environ) == FiringSettings(
        host="https://api.pingtree.com",
        allow=("api.pingtree.com",),
        rate=Decimal(4),
        second_user=True,
        inactive=("g1", "g2"),
        endpoint={"c1": Endpoint.GLOBAL},
        caps=Caps(day_count=500, plan_revenue=Decimal("1000.01")),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rat = 1", "no setting of firing"),
        ("rate = 0", "rate = 0 cannot be meant"),
        ("rate = true", "number from"),
        ('rate = "fast"', "number from"),
        ("rate = nan", "number from"),
        ("canary = 2.5", "whole number"),
        ("canary = true", "whole number"),
        ("lanes_dedupe = 33", "1 to 32"),
        ('second_user = "yes"', "true or false"),
        ('allow = "api.pingtree.com"', "list of texts"),
        ("host = 7", "text in quotes"),
        ('zone = "UTC"', "PST"),
        ('amount_name = "pid"', "one of amount, revenue"),
        ('endpoint.c1 = "gobal"', "campaign, global"),
        ("endpoint = 1", "a table"),
        ("caps = 1", "a table"),
        ("[caps]\nplan = 1", "'plan' is no setting"),
        ("[caps]\nplan_revenue = -1", "plan_revenue"),
        ("rate = ", "TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path, text, says):
    """A slip in a limit must not become no limit."""
    (tmp_path / "firing.toml").write_text(text)
    with pytest.raises(BadSettings, match=says):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("name", ["RATE=fast", "RATES=1", "CAPS=1"])
def test_a_variable_that_cannot_be_meant_is_refused_by_name(tmp_path, name):
    """The message names the variable."""
    key, _, value = name.partition("=")
    with pytest.raises(BadSettings, match=f"RECONCILE_FIRING_{key}"):
        load_settings(tmp_path, {f"RECONCILE_FIRING_{key}": value})
