"""A line without an id: mostly a row whose lead is not named, sometimes a total."""

from __future__ import annotations

import pytest

from reconcile.importing.totals import WORDS
from reconcile.importing.values.typed import TypedRows
from tests.importing_help import read

HEAD = "transaction_id,occurred_at,revenue,buyer\n"
ROWS = "".join(f"lead-{n},2026-10-{n:02} 08:00:00,{n}.50,acme\n" for n in range(1, 29))
# The end of a file is read line by line; what stands above so many rows is not.
BELOW = ROWS.replace("lead-", "case-") * 8
ROW_COUNT = ROWS.count("\n") + BELOW.count("\n")

TOTALS = (
    *("TOTALS", "Grand total", "Sub-Total:", "ВСЕГО"),
    *(word.replace("?", "") for word in WORDS.split("|")),
)


@pytest.mark.parametrize("word", TOTALS)
def test_a_word_for_total_makes_a_total_of_a_line_with_a_time(tmp_path, word):
    """Whatever stands in its other cells: a total that is loaded doubles the amount."""
    got = read(tmp_path, f"{HEAD}{ROWS},2026-10-31 08:00:00,420.00,{word}\n{BELOW}".encode())
    assert got.staged.line_classes == {"header": 1, "data": ROW_COUNT, "total": 1}


@pytest.mark.parametrize("buyer", ["Tot", "Stotaly", "Wholesome", "Assumed Ltd", "acme"])
def test_a_line_with_a_time_and_no_word_for_total_is_a_row(tmp_path, buyer):
    """A name that only holds such a word costs a second look, and loses no row."""
    got = read(tmp_path, f"{HEAD}{ROWS},2026-10-31 08:00:00,420.00,{buyer}\n{BELOW}".encode())
    assert got.staged.line_classes == {"header": 1, "data": ROW_COUNT + 1}
    assert (got.rows[28]["transaction_id"], got.rows[28]["buyer"]) == (None, buyer)


def test_a_line_of_nothing_but_numbers_is_a_total(tmp_path):
    """A time in unix seconds is a number, too."""
    head = "transaction_id,timestamp,revenue\n"
    rows = "".join(f"lead-{n},{1790000000 + n},{n}.50\n" for n in range(1, 300))
    mapping = '[columns]\ntransaction_id = "transaction_id"\noccurred_at = "timestamp"\n'
    mapping = f'date_format = "unix"\n{mapping}revenue = "revenue"\n'
    got = read(tmp_path, f"{head},1790000099,420.00\n{rows}".encode(), mapping=mapping)
    assert got.staged.line_classes == {"header": 1, "data": 299, "total": 1}


def test_rows_without_an_id_need_no_second_look(tmp_path, monkeypatch):
    """The first look tells them from totals: planning the second one takes longer."""
    monkeypatch.setattr(TypedRows, "_look_again", None)
    got = read(tmp_path, f"{HEAD}{ROWS},2026-10-31 08:00:00,420.00,acme\n{BELOW}".encode())
    assert got.staged.line_classes["data"] == ROW_COUNT + 1
