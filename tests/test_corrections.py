"""The correction list: what stands in Pingtree, what is right, why, and what is left out."""

from __future__ import annotations

import csv
import io
import shutil
from decimal import Decimal

import openpyxl
import pytest

from cli_help import LEADS, PERIOD, SETTINGS, assert_refused, call, run_id, write
from reconcile import FindingFilter, decide, findings, open_store
from reconcile.amending import corrections

EVENTS = """\
event_id,transaction_id,campaign_id,pid,buyer,occurred_at,revenue,currency
sale,t1,c1,g1,acme,2026-11-01T10:00:00Z,40.00,USD
sale,t1,c1,g1,acme,2026-11-01T11:00:00Z,40.00,USD
sale,t2,c1,g1,acme,2026-11-04T10:00:00Z,40.00,USD
sale,T-3,c1,g2,bolt,2026-11-05T10:00:00Z,10.00,USD
sale,t4,c1,g2,bolt,2026-11-20T10:00:00Z,10.00,USD
sale,=x9,c1,g9,acme,2026-11-21T10:00:00Z,5.00,USD
"""
CLAIMS = """\
transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status
t1,sale,c1,acme,2026-11-01T10:00:00Z,40.00,USD,approved
t2,sale,c1,acme,2026-11-04T10:00:00Z,37.25,USD,approved
t3,sale,c1,bolt,2026-11-05T10:00:00Z,14.00,CAD,approved
t4,sale,c1,bolt,2026-11-20T10:00:00Z,10.00,USD,rejected
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return a home with a duplicate, an orphan, two wrong amounts and a denied event."""
    home, files = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_HOME", str(home))
        _load(files)
    return home


@pytest.fixture
def store(world, home):
    """Return a store of this test's own."""
    shutil.copytree(world, home, dirs_exist_ok=True)
    with open_store(home) as opened:
        yield opened


def _load(folder):
    for name, text, kind in (
        ("events.csv", EVENTS, "event"),
        ("claims.csv", CLAIMS, "claim"),
        ("leads.csv", LEADS, "lead"),
    ):
        ran = call("import", write(folder, name, text), "--kind", kind, "--sender", "net")
        assert ran.code == 0, ran
    assert call("settings", write(folder, "settings.csv", SETTINGS)).code == 0
    cover = "[[lead_cover]]\nfrom = 2026-09-01\nto = 2026-12-31\n"
    params = write(folder, "params.toml", cover)
    assert run_id(call("run", *PERIOD, "--params", params))


def listed(store, **only):
    """Return id to class, correction, right amount and change of the corrections."""
    found = corrections(store, store.runs()[0].id, only=FindingFilter(**only))
    return {
        row["transaction_id"]: (
            row["class"],
            row["correction"],
            row["right_amount"],
            row["right_currency"],
            row["change"],
        )
        for row in found.rows
    }, found


def test_duplicates_orphans_and_wrong_amounts_are_listed(store):
    """With the id as Pingtree spells it, what is right, and what that changes."""
    rows, found = listed(store)
    assert rows == {
        "t1": ("duplicate_event", "remove", None, None, Decimal(-40)),
        "=x9": ("orphan_event", "remove", None, None, Decimal(-5)),
        "t2": ("revenue_mismatch", "amount", Decimal("37.25"), "USD", Decimal("-2.75")),
        "T-3": ("revenue_mismatch", "amount", Decimal(14), "CAD", None),
    }
    assert found.left_out == {}
    whys = {row["transaction_id"]: row["why"] for row in found.rows}
    assert whys["t1"] == (
        "The event does not repeat, and the same one stands in events.csv line 2; keep that."
    )
    assert whys["t2"] == ("It stands with 40.00 USD; the buyer pays 37.25 USD (claims.csv line 3).")
    assert {row["source"] for row in found.rows} == {"g1", "g2", "g9"}


@pytest.mark.parametrize(
    ("action", "more", "state"),
    [
        ("reject", {}, "rejected"),
        ("ignore", {"reason": "small"}, "ignored"),
        ("dispute", {}, "disputed"),
        ("send", {}, "sent"),
    ],
)
def test_what_was_decided_against_is_left_out_and_counted(store, action, more, state):
    """Nobody is asked to correct what the buyer is asked about."""
    only = FindingFilter(ids=("t2",))
    decide(store, store.runs()[0].id, action, only=only, **more)
    rows, found = listed(store)
    assert "t2" not in rows
    assert found.left_out == {state: 1}


def test_a_denied_event_is_listed_once_its_denial_is_accepted(store):
    """Until then it is for the dispute pack."""
    assert "t4" not in listed(store)[0]
    decide(store, store.runs()[0].id, "accept", only=FindingFilter(ids=("t4",)))
    assert listed(store)[0]["t4"] == ("status_conflict", "remove", None, None, Decimal(-10))
    assert set(listed(store, buyer="acme")[0]) == {"t1", "t2", "=x9"}


def test_every_finding_of_these_classes_is_listed_or_counted(store):
    """None is lost, and none is there twice."""
    _, found = listed(store)
    classes = ("duplicate_event", "orphan_event", "revenue_mismatch")
    there = [row for row in findings(store, store.runs()[0].id) if row["class"] in classes]
    assert len(found.rows) + sum(found.left_out.values()) == len(there)
    assert {row["finding"] for row in found.rows} == {row["finding"] for row in there}


def test_the_list_is_written_as_csv_and_as_workbook(store, tmp_path):
    """Exact, and without a formula; other endings are refused."""
    ran = call("corrections", "--out", tmp_path / "c.csv")
    assert ran.code == 0, ran
    assert "4 corrections" in ran.out
    text = (tmp_path / "c.csv").read_text("utf-8")
    rows = {row["transaction_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows.keys() == {"t1", "t2", "T-3", "'=x9"}
    assert rows["t2"]["change"] == "-2.7500"
    assert call("corrections", "--out", tmp_path / "c.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["Corrections"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=x9" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {cell.value for cell in cells} >= {37.25, -2.75}
    assert_refused(call("corrections", "--out", tmp_path / "c.pdf"), "name it .csv or .xlsx")
    assert "t2" in call("corrections").out
