"""Spellings that stand for a known name: said, taken back, with history, and read by runs."""

from __future__ import annotations

import json

import pytest

from cli_help import PERIOD, call, run_id, write
from reconcile import load_parameters, open_store
from reconcile.errors import BadParameters, NotFound
from reconcile.warehouse.aliases import add_aliases, aliases, known_names, remove_alias

EVENTS = """\
event_id,transaction_id,campaign_id,pid,buyer,occurred_at,revenue,currency
sale,t1,c1,g1,acme,2026-11-04T10:00:00Z,40.00,USD
sale,t2,c1,g1,acme,2026-11-05T10:00:00Z,40.00,USD
"""
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t1,sold,c-1,ACME Inc,2026-11-04T10:00:00Z,40.00,USD,approved
t2,sold,c-1,ACME Inc,2026-11-05T10:00:00Z,40.00,USD,approved
"""
SAID = [("buyer", "ACME Inc", "acme"), ("campaign", "c-1", "c1"), ("event", "sold", "sale")]


def test_the_last_word_on_a_spelling_counts_and_all_are_kept(home):
    """Said, said anew, taken back."""
    with open_store(home) as store:
        add_aliases(store.catalog, [("buyer", "ACME Inc", "acme")], said_by="ann")
        add_aliases(store.catalog, [("buyer", "ACME Inc", "acme corp")])
        assert known_names(store.catalog) == {"buyer": {"ACME Inc": "acme corp"}}
        remove_alias(store.catalog, "buyer", "ACME Inc", said_by="bob")
        assert known_names(store.catalog) == {}
        told = [
            (a.known_name, a.said_by, a.counts) for a in aliases(store.catalog, with_history=True)
        ]
    assert told == [("acme", "ann", False), ("acme corp", None, False), (None, "bob", False)]


def test_a_spelling_may_be_a_name_of_its_own(home):
    """Then it is no alias, and nobody need ask again."""
    with open_store(home) as store:
        add_aliases(store.catalog, [("buyer", "acme west", "acme west")])
        assert known_names(store.catalog) == {}
        assert [a.spelling for a in aliases(store.catalog)] == ["acme west"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("buyer", "acme llc", "ACME Inc"), "'ACME Inc' stands for 'acme' itself"),
        (("buyer", "acme", "bolt"), "'ACME Inc' stand for 'acme'"),
        (("buyer", " ", "acme"), "must not be blank"),
        (("pid", "a", "b"), "no aliases of a pid"),
    ],
)
def test_an_alias_of_an_alias_is_refused(home, said, why):
    """And nothing of what is said beside it is kept."""
    with open_store(home) as store:
        add_aliases(store.catalog, [("buyer", "ACME Inc", "acme")])
        with pytest.raises(BadParameters, match=why):
            add_aliases(store.catalog, [("buyer", "bolt llc", "bolt"), said])
        assert known_names(store.catalog) == {"buyer": {"ACME Inc": "acme"}}
        with pytest.raises(NotFound, match="ACME Inc"):
            remove_alias(store.catalog, "buyer", "acme")


def test_a_run_reads_the_known_names_and_records_them(home, tmp_path):
    """Before, nothing is paired; after, all is, by campaign and buyer; the run can be repeated."""
    events, claims = write(tmp_path, "e.csv", EVENTS), write(tmp_path, "c.csv", CLAIMS)
    assert call("import", events, "--kind", "event").code == 0
    own = [f"--answer=alias.{dimension}.{spelling}=new" for dimension, spelling, _ in SAID]
    assert call("import", claims, "--kind", "claim", "--sender", "net", *own).code == 0
    assert call("run", *PERIOD).code == 1
    for said in SAID:
        assert call("alias", "add", *said).code == 0
    ran = call("run", *PERIOD, "--buyers", "ACME Inc")
    assert ran.code == 0, ran
    with open_store(home) as store:
        record = store.run(run_id(ran))
        asked = json.loads(record.params_json)["parameters"]
    assert asked["alias"] == {d: {spelling: known} for d, spelling, known in SAID}
    assert call("alias", "remove", "buyer", "ACME Inc").code == 0
    again = call("run", "--again", run_id(ran))
    assert again.code == 0, again


def test_compare_takes_aliases_from_its_parameters(tmp_path):
    """As a stored run, row by row and in the bridge."""
    events, claims = write(tmp_path, "e.csv", EVENTS), write(tmp_path, "c.csv", CLAIMS)
    text = "".join(f'[alias.{d}]\n"{spelling}" = "{known}"\n' for d, spelling, known in SAID)
    params = write(tmp_path, "run.toml", text)
    files = ("compare", "--events", events, "--claims", claims, *PERIOD, "--out", tmp_path / "out")
    assert call(*files).code == 1
    assert call(*files, "--params", params, "--matched").code == 0
    rows = (tmp_path / "out" / "rows.csv").read_text()
    assert rows.count(",sale,matched,") == 4
    bridge = (tmp_path / "out" / "bridge.csv").read_text()
    assert ("ACME Inc" in bridge, bridge.count("acme,c1")) == (False, bridge.count("\n") - 1)


@pytest.mark.parametrize(
    "text",
    [
        '[alias.pid]\na = "b"',
        '[alias.buyer]\na = "b"\nb = "c"',
        '[alias.buyer]\na = ""',
        "alias = 3",
    ],
)
def test_aliases_that_cannot_be_meant_are_refused(tmp_path, text):
    """The text shows how one is written."""
    path = write(
        tmp_path, "run.toml", f"date_from = 2026-11-01\ndate_to = 2026-12-01\nzone='UTC'\n{text}"
    )
    with pytest.raises(BadParameters, match=r"\[alias\.buyer\]"):
        load_parameters(path)


def test_the_commands_list_what_is_in_force_and_what_was_said(home):
    """And say how they are written."""
    assert call("alias", "add", "buyer", "ACME Inc", "acme").code == 0
    assert call("alias", "add", "source", "Acme Media", "acme").code == 0
    assert [row["spelling"] for row in call("alias", "list", "buyer", "--format", "json").rows] == [
        "ACME Inc"
    ]
    assert call("alias", "remove", "buyer", "ACME Inc").code == 0
    rows = call("alias", "list", "--all", "--format", "json").rows
    assert [(row["spelling"], row["state"]) for row in rows] == [
        ("ACME Inc", "no longer"),
        ("ACME Inc", "taken back"),
        ("Acme Media", ""),
    ]
    assert "alias add buyer" in call("alias", "add", "buyer", "x").err
    assert "alias remove buyer" in call("alias", "remove", "buyer").err
