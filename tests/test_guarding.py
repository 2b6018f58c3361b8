"""Texts of files that could become formulas in a spreadsheet stay texts in every CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from cli_help import PERIOD, call, load_month, write
from reconcile.engine import Engine
from reconcile.guarding import STARTS, guarded, guarded_cells, sheet_text, unguarded

HOSTILE = [*(f"{one}1+1" for one in sorted(STARTS)), "=cmd|' /C calc'!A0", "-", "@SUM(A1)"]
HARMLESS = ["", "t1", "'t1", " =1", "a=1", "40.00", "é", "(1)"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_be_calculated_is_guarded(text):
    """An apostrophe before it; taken off it is the text again."""
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_every_other_text_stays_as_it_is(text):
    """Also one with an apostrophe of its own."""
    assert guarded(text) == text
    assert unguarded(text) == text


def test_numbers_stay_numbers_and_unknown_values_are_empty():
    """A negative amount is no text."""
    at = datetime(2026, 11, 3, 10)
    row = [Decimal("-4.50"), -3, None, date(2026, 11, 3), at, "-4.50"]
    assert guarded_cells(row) == [Decimal("-4.50"), -3, "", date(2026, 11, 3), at, "'-4.50"]


def test_a_text_is_kept_in_a_form_that_a_cell_of_a_workbook_can_hold(tmp_path):
    """A cell takes 32,767 characters; what xlsxwriter would take for markup is written as text."""
    assert sheet_text("x" * 40_000).endswith("(40,000 characters)")
    assert len(sheet_text("x" * 40_000)) < 32_767
    for memory in (True, False):
        path = tmp_path / f"{memory}.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": memory}) as book:
            book.add_worksheet().write_string(0, 0, sheet_text("<r><t>x</t></r>"))
        assert openpyxl.load_workbook(path).active["A1"].value == "<r><t>x</t></r> "


def test_the_engine_guards_the_same_texts_in_the_same_order(tmp_path):
    """One list of beginnings for both; rows stay in the order that was asked for."""
    engine = Engine()
    values = [*HOSTILE, *HARMLESS]
    columns = dict.fromkeys(("value", "file", "column_name", "reason"), "varchar")
    columns |= {"line_no": "bigint", "file_no": "bigint"}
    rows = [(text, "f", None, text, number, 1) for number, text in enumerate(values)]
    engine.upload("rejected_row", columns, rows)
    engine.upload("source_file", {"file_no": "bigint", "file": "varchar"}, [(1, "=f.csv")])
    engine.write_csv(tmp_path / "out.csv", "matching/rejected_out", guard=True)
    engine.close()
    text = (tmp_path / "out.csv").read_bytes().decode()
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["value"] for row in found] == [guarded(text) for text in values]
    assert [row["reason"] for row in found] == [guarded(text) for text in values]
    assert {row["file"] for row in found} == {"'=f.csv"}
    assert [row["line"] for row in found] == [str(number) for number in range(len(values))]


CLAIM = (
    "transaction_id,event_id,campaign_id,buyer,occurred_at,revenue,currency,status\n"
    "{id},sale,c1,acme,2026-11-05T10:00:00Z,-25.00,USD,approved\n"
)


def rows_of(path):
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_no_export_of_findings_holds_a_formula(home, tmp_path):
    """`findings --format csv`, `compare` and `rejected`; the id finds its finding all the same."""
    load_month(tmp_path)
    hostile = write(tmp_path, "hostile.csv", CLAIM.format(id="=1+1"))
    assert call("import", hostile, "--kind", "claim", "--sender", "x").code == 0
    assert call("run", *PERIOD).code == 1
    out = tmp_path / "findings.csv"
    call("findings", "--format", "csv", "--out", out)
    [row] = [row for row in rows_of(out) if row["transaction_id"] == "'=1+1"]
    assert (row["revenue"], row["bridge"]) == ("-25.0000", "-25.0000")
    ids = write(tmp_path, "ids.csv", "transaction_id\n'=1+1\n")
    assert len(call("findings", "--id", f"@{ids}", "--format", "json").rows) == 1
    compared = tmp_path / "compared"
    files = ["--events", tmp_path / "events.csv", "--claims", hostile]
    assert call("compare", *files, *PERIOD, "--out", compared).code == 1
    ids = {row["transaction_id"] for row in rows_of(compared / "rows.csv")}
    assert "'=1+1" in ids
    assert "=1+1" not in ids
