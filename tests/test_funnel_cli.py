"""`reconcile funnel`, and funnels over a store: tracked, recovered, and what of it is fired."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cli_help import assert_refused, call, run_month, write
from reconcile import Kind, default_funnel, import_file, open_funnel, open_store
from reconcile.cli.funnel_fields import ANSWER_FIELDS, Question
from reconcile.funnel.definition import Clock, FunnelDefinition, FunnelStep
from reconcile.warehouse.aliases import add_aliases

SALE = (FunnelStep("Sale", ("sale",)),)


def lines_of(path):
    """Return the lines of a CSV file."""
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@pytest.fixture
def month(home, tmp_path):
    """Return a home of four leads, three sales, and a sale that only a buyer knows, reconciled."""
    run_month(tmp_path)
    return home


def reached(ran):
    """Return the counts per step of a printed funnel."""
    return [(row["name"], row["reached"]) for row in ran.rows]


def test_a_campaign_is_a_funnel_before_anybody_defines_one(month):
    """Its settings say the steps; a window of 30 days leaves the sale of the old lead out."""
    assert reached(call("funnel", "show", "c1", "--format", "json")) == [("Lead", 4), ("Sale", 2)]
    wide = call("funnel", "show", "c1", "--window", "none", "--format", "json")
    assert reached(wide) == [("Lead", 4), ("Sale", 3)]
    table = call("funnel", "show", "c1", "--by", "pid", "--window", "none").out
    assert [" ".join(line.split()) for line in table.splitlines()] == [
        "pid step name optional leads before reached of leads of before young",
        "g1 1 Lead 3 3 3 100.0% 100.0% 0",
        "g1 2 Sale 3 3 2 66.7% 66.7% 0",
        "g2 1 Lead 1 1 1 100.0% 100.0% 0",
        "g2 2 Sale 1 1 1 100.0% 100.0% 0",
    ]


def test_a_funnel_is_defined_listed_and_shown(month):
    """What is kept answers under its name, and alone needs no name."""
    assert call("funnel", "define", "c1", "--window", "7d").code == 0
    (row,) = call("funnel", "list", "--format", "json").rows
    assert row == {
        "name": "c1",
        "campaigns": "c1",
        "order": "ordered",
        "window": "7d",
        "steps": "Lead > Sale",
    }
    assert reached(call("funnel", "show", "--format", "json")) == [("Lead", 4), ("Sale", 2)]
    assert 'window = "7d"' in call("funnel", "show", "--what", "definition").out
    assert_refused(call("funnel", "show", "c9"), "No event of campaign 'c9' has a position", "c1")
    assert_refused(call("funnel", "show", "c1", "--only", "pid"), "write it as name=value")


def test_every_question_is_written_in_every_form(month, tmp_path):
    """CSV has the columns of JSON, and a Parquet file can be written."""
    for what in ("times", "histogram", "money", "cash", "matrix", "account", "counts"):
        asked = ("funnel", "show", "c1", "--what", what, "--format")
        lines = list(csv.DictReader(io.StringIO(call(*asked, "csv").out)))
        assert len(lines) > 0
        assert list(lines[0]) == list(ANSWER_FIELDS[Question(what)])
    rows = call(*asked, "json").rows
    assert len(lines) == len(rows)
    assert list(lines[0]) == list(rows[0])
    assert call(*asked, "parquet", "--out", tmp_path / "f.parquet").code == 0


def test_the_leads_that_are_lost_are_listed_and_fired(month, tmp_path):
    """Of four leads one came too late, one not at all; the list is a filter of findings."""
    lost = tmp_path / "lost.csv"
    ran = call("funnel", "drop-off", "c1", "--step", "1", "--format", "csv", "--out", lost)
    assert ran.code == 0
    rows = lines_of(lost)
    assert [(row["transaction_id"], row["last_event"]) for row in rows] == [
        ("t3", ""),
        ("t1", "sale"),
    ]
    plan = call("plan", "--filter", f"id=@{lost}")
    assert "1 postback" in plan.out, plan


def test_what_the_findings_recover_moves_leads(month, tmp_path):
    """The matrix tells who comes farther, and the list names the findings to fire."""
    matrix = call("funnel", "show", "c1", "--what", "matrix", "--format", "json").rows
    assert matrix == [
        {"tracked": 1, "reconciled": 1, "leads": 1},
        {"tracked": 1, "reconciled": 2, "leads": 1},
        {"tracked": 2, "reconciled": 2, "leads": 2},
    ]
    counted = call("funnel", "show", "c1", "--recovered", "--format", "json")
    assert reached(counted) == [("Lead", 4), ("Sale", 3)]
    moved = tmp_path / "moved.csv"
    assert call("funnel", "moved", "c1", "--format", "csv", "--out", moved).code == 0
    (row,) = lines_of(moved)
    assert (row["transaction_id"], row["tracked"], row["reconciled"]) == ("t3", "1", "2")
    assert row["ref"].startswith("claim:")
    assert "1 postback" in call("plan", "--filter", f"id=@{moved}").out
    assert call("decide", "--as", "reject", "--filter", "class=missing_event", "--yes").code == 0
    kept = call("funnel", "show", "c1", "--recovered", "--format", "json")
    assert reached(kept) == [("Lead", 4), ("Sale", 2)]


def test_known_names_are_one_name(month, home):
    """A campaign, event or buyer is the same under each spelling that stands for it."""
    with open_store(home) as store:
        add_aliases(store.catalog, [("event", "sale", "Sold"), ("campaign", "c1", "Campaign 1")])
        funnel = FunnelDefinition("f", (FunnelStep("Sold", ("Sold",)),), campaigns=("c1",))
        with open_funnel(store, funnel) as opened:
            assert [row["reached"] for row in opened.counts()] == [4, 3]


def test_rows_are_one_lead_by_what_the_definition_says(home, tmp_path):
    """By a column nobody mapped, and by the time the platform received an event, in its zone."""
    leads = write(
        tmp_path,
        "l.csv",
        "transaction_id,campaign_id,created_at,phone\na1,c1,2026-11-02T08:00:00Z,77\n",
    )
    events = write(
        tmp_path,
        "e.csv",
        "transaction_id,campaign_id,event_id,conversion_date,received_at,phone\n"
        "zz,c1,sale,2026-11-02 02:00:00,2026-11-02 03:30:00,77\n",
    )
    with open_store(home) as store:
        import_file(store, leads, kind=Kind.LEAD, zone="EST")
        import_file(store, events, kind=Kind.EVENT, zone="EST")
        by_id = FunnelDefinition("f", SALE)
        by_phone = FunnelDefinition("f", SALE, unit="column:phone")
        received = FunnelDefinition("f", SALE, unit="column:phone", clock=Clock.RECEIVED)
        found = []
        for funnel in (by_id, by_phone, received):
            with open_funnel(store, funnel) as opened:
                found.append([row["reached"] for row in opened.counts()])
                account = opened.account()
        assert found == [[1, 0], [1, 0], [1, 1]]
        assert account["events_before_their_lead"] == 0


def test_one_lead_sold_to_two_buyers_is_two_units(home, tmp_path):
    """An event that names no buyer goes to the only buyer of its lead, if there is one."""
    leads = write(
        tmp_path,
        "l.csv",
        "transaction_id,campaign_id,created_at,buyer\n"
        "a1,c1,2026-11-02T08:00:00Z,acme\na1,c1,2026-11-02T08:00:00Z,bolt\n"
        "a2,c1,2026-11-02T08:00:00Z,acme\n",
    )
    events = write(
        tmp_path,
        "e.csv",
        "transaction_id,campaign_id,event_id,conversion_date,buyer\n"
        "a1,c1,sale,2026-11-02T09:00:00Z,bolt\na1,c1,sale,2026-11-02T09:00:00Z,\n"
        "a2,c1,sale,2026-11-02T09:00:00Z,\n",
    )
    with open_store(home) as store:
        import_file(store, leads, kind=Kind.LEAD, zone="UTC")
        import_file(store, events, kind=Kind.EVENT, zone="UTC")
        funnel = FunnelDefinition("f", SALE, unit="transaction_id+buyer")
        with open_funnel(store, funnel) as opened:
            assert [row["reached"] for row in opened.counts()] == [3, 2]
            assert opened.account()["events_without_lead"] == 1


def test_an_empty_store_says_what_to_import(home):
    """A funnel begins with leads."""
    with open_store(home) as store:
        store.replace_settings([])
    toml = write(home, "f.toml", 'name = "f"\n[[step]]\nname = "Sale"\nevents = ["sale"]\n')
    assert_refused(call("funnel", "show", toml), "No lead is loaded", "reconcile import leads.csv")


def test_json_says_what_is_unknown(month):
    """A share of nothing is null, never 0."""
    ran = call("funnel", "show", "c1", "--only", "pid=nobody", "--format", "json")
    assert [row["of_leads"] for row in json.loads(ran.out)] == [None, None]


def test_the_default_funnel_is_a_public_name(month, home):
    """As the command makes it, so do notebooks."""
    with open_store(home) as store:
        assert default_funnel(store.settings(), "c1").names == ("Lead", "Sale")
