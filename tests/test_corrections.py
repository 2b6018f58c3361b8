"""The correction list: what stands in Pingtree, what is right, why, and what is left out."""

from __future__ import annotations

import csv
import io
import shutil
from decimal import Decimal

import openpyxl
import pytest

from cli_help import assert_refused, call
from reconcile import FindingFilter, bridge, decide, findings, findings_frame, open_store
from reconcile.amending import corrections
from reconcile.errors import NotFound
from reconcile.reading import finding_totals


@pytest.fixture
def store(disputed_month, home):
    """Return a store of this test's own."""
    shutil.copytree(disputed_month, home, dirs_exist_ok=True)
    with open_store(home) as opened:
        yield opened


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


DUPLICATE = ("duplicate_event", "remove", None, None, Decimal(-40))
ORPHAN = ("orphan_event", "remove", None, None, Decimal(-5))
HIGHER = ("revenue_mismatch", "amount", Decimal("42.25"), "USD", Decimal("2.25"))
UNDECIDED = {
    "denied, and nobody has accepted that: the buyer is asked": 1,
    "in another currency, and nobody has accepted that: the buyer is asked": 1,
    "the buyer pays less, and nobody has accepted that: the buyer is asked": 1,
}


def test_duplicates_orphans_and_amounts_that_are_too_low_are_listed(store):
    """With the id as Pingtree spells it, what is right, and what that changes; others are asked."""
    rows, found = listed(store)
    assert rows == {"t5": DUPLICATE, "=x9": ORPHAN, "T-6": HIGHER}
    assert found.left_out == UNDECIDED
    whys = {row["transaction_id"]: row["why"] for row in found.rows}
    assert whys["t5"] == (
        "The event does not repeat, and the same one stands in events.csv line 6; keep that."
    )
    assert whys["T-6"] == "It stands with 40.00 USD; the buyer pays 42.25 USD (claims.csv line 6)."
    assert {row["source"] for row in found.rows} == {"g1", "g2", "g9"}


def test_what_a_person_accepts_is_listed_whatever_it_is(store):
    """A denial, a lower amount, and one in another currency, which changes no sum."""
    for name in ("t2", "t3", "t4"):
        decide(store, store.runs()[0].id, "accept", only=FindingFilter(ids=(name,)))
    rows, found = listed(store, buyer="acme")
    assert rows == {
        "t5": DUPLICATE,
        "=x9": ORPHAN,
        "t2": ("revenue_mismatch", "amount", Decimal("37.25"), "USD", Decimal("-2.75")),
        "t3": ("revenue_mismatch", "amount", Decimal(14), "CAD", None),
        "t4": ("status_conflict", "remove", None, None, Decimal(-10)),
    }
    assert found.left_out == {}


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
    only = FindingFilter(ids=("t6",))
    decide(store, store.runs()[0].id, action, only=only, **more)
    rows, found = listed(store)
    assert "T-6" not in rows
    assert found.left_out == {**UNDECIDED, state: 1}


def test_every_finding_of_these_classes_is_listed_or_counted(store):
    """None is lost, and none is there twice."""
    _, found = listed(store)
    classes = ("duplicate_event", "orphan_event", "revenue_mismatch", "status_conflict")
    there = [row for row in findings(store, store.runs()[0].id) if row["class"] in classes]
    assert len(found.rows) + sum(found.left_out.values()) == len(there)
    assert {row["finding"] for row in found.rows} <= {row["finding"] for row in there}


def test_the_list_is_written_as_csv_and_as_workbook(store, tmp_path):
    """Exact, and without a formula; other endings are refused."""
    ran = call("corrections", "--out", tmp_path / "c.csv")
    assert ran.code == 0, ran
    assert "3 corrections" in ran.out
    text = (tmp_path / "c.csv").read_text("utf-8")
    rows = {row["transaction_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows.keys() == {"t5", "T-6", "'=x9"}
    assert rows["T-6"]["change"] == "2.2500"
    assert call("corrections", "--out", tmp_path / "c.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["Corrections"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=x9" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {cell.value for cell in cells} >= {42.25, 2.25}
    assert_refused(call("corrections", "--out", tmp_path / "c.pdf"), "name it .csv or .xlsx")
    assert "T-6" in call("corrections").out


@pytest.mark.parametrize("ask", [findings, findings_frame, finding_totals, corrections])
def test_a_buyer_of_whom_the_run_knows_nothing_is_refused(store, ask):
    """An empty list would read as all clear; a known buyer without such a finding has one."""
    run = store.runs()[0].id
    with pytest.raises(NotFound, match=r"no rows of a buyer 'acem'\. It has those of acme"):
        ask(store, run, only=FindingFilter(buyer="acem"))
    only = FindingFilter(buyer="bolt", row_class="orphan_event")
    if ask is not corrections:
        assert len(ask(store, run, only=only)) == 0
    with pytest.raises(NotFound, match="no rows of a buyer 'acem'"):
        bridge(store, run, buyer="acem")
