"""Amounts as they are written: one decimal mark for the file, told by all of them, or asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importing_help import read
from reconcile.errors import QuestionOpen
from reconcile.terms import Kind
from test_importing_chunks import small_chunks

HEAD = "transaction_id,occurred_at,revenue\n"


def lines(cells, head=HEAD):
    """Return a file of these amounts."""
    return head + "".join(f't{n},2025-10-01,"{cell}"\n' for n, cell in enumerate(cells))


def amounts(tmp_path, cells, **options):
    """Return the amounts that are read, as texts, and the texts of the rejected ones."""
    got = read(tmp_path, lines(cells), **options)
    return [f"{a.normalize():f}" for a in got.column("revenue")], [r[2] for r in got.rejects]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("1 234,50", "1234.5"),
        ("1.234.567,89", "1234567.89"),
        ("1'234,50", "1234.5"),
        ("-12,00 €", "-12"),
        ("(1.234,50)", "-1234.5"),
        ("EUR 7,25", "7.25"),
    ],
)
def test_a_decimal_comma_is_told_by_the_amounts(tmp_path, cell, wanted):
    """Nobody has to state it: no point makes an amount of them."""
    assert amounts(tmp_path, [cell, "1.234"]) == ([wanted, "1234"], [])


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("1 234.50", "1234.5"),
        ("1\u202f234.50", "1234.5"),
        ("1'234.50", "1234.5"),
        ("$(1,234.50)", "-1234.5"),
        ("\u22125.25", "-5.25"),
        ("+5.25", "5.25"),
        (".75", "0.75"),
        ("USD 12.50-", "-12.5"),
    ],
)
def test_signs_blanks_and_brackets_are_understood(tmp_path, cell, wanted):
    """Each is one amount, to its last digit."""
    assert amounts(tmp_path, [cell, "7.25"]) == ([wanted, "7.25"], [])


@pytest.mark.parametrize(
    "cell",
    ["12.5%", "12.50 CR", "1 23", "12,34.00", "XYZ 5", "5 USD 7", "$-", "1.2E+05", "1,23,456"],
)
def test_what_is_no_amount_is_rejected(tmp_path, cell):
    """Not rounded, not cut, not guessed."""
    assert amounts(tmp_path, ["7.25", cell]) == (["7.25"], [cell])


def test_two_marks_are_asked_with_the_evidence_of_both(tmp_path):
    """One in a hundred is damage and rejected; half of them are a question."""
    with pytest.raises(QuestionOpen) as caught:
        amounts(tmp_path, ["7,25", "7.25", "1.234"])
    [question] = caught.value.questions
    assert (question.key, len(question.evidence), question.suggestion) == ("decimal", 2, None)
    assert amounts(tmp_path, ["7.25"] * 99 + ["7,25"]) == (["7.25"] * 99, ["7,25"])


def test_a_mark_that_the_last_amount_tells_holds_for_the_first(tmp_path, monkeypatch):
    """The file is looked at as a whole before a row of a doubtful part is typed."""
    small_chunks(monkeypatch, 300)
    got, _ = amounts(tmp_path, ["1.234"] * 200 + ["5,5"])
    assert got == ["1234"] * 200 + ["5.5"]


def test_the_currencies_of_one_column_are_kept_apart(tmp_path):
    """A sign that stands for several names none; a stated currency is for rows that name none."""
    cells = ["€5.50", "5.50 GBP", "$5.50", "US$ 5.50", "5.50"]
    got = read(tmp_path, lines(cells))
    assert got.column("currency") == ["EUR", "GBP", None, "USD", None]
    got = read(tmp_path, lines(cells), mapping='currency = "USD"')
    assert got.column("currency") == ["EUR", "GBP", "USD", "USD", "USD"]
    got = read(tmp_path, lines(cells), mapping='currency = "EUR"')
    assert [reject[2] for reject in got.rejects] == ["$5.50"]


def test_an_amount_in_another_currency_than_its_row_is_rejected(tmp_path):
    """The column says one, the cell another: nobody knows which is right."""
    head = "transaction_id,occurred_at,revenue,currency\n"
    got = read(tmp_path, head + "t1,2025-10-01,€5.50,USD\nt2,2025-10-01,$5.50,CAD\n")
    assert got.column("currency") == ["CAD"]
    assert "another currency" in got.rejects[0][3]


def test_micros_and_cents_are_named_or_asked(tmp_path):
    """A header says it, or whole amounts that end in four zeros are asked."""
    head = "transaction_id,created_at,campaign_id,cost_micros\n"
    told = '[columns]\ntransaction_id = "transaction_id"\ncost = "cost_micros"'
    rows = "t1,2025-10-01,c,1500000\nt2,2025-10-01,c,1\nt3,2025-10-01,c,1.5\n"
    got = read(tmp_path, head + rows, kind=Kind.LEAD, mapping=told)
    assert got.column("cost") == [Decimal("1.5000")]
    assert "four decimals" in got.rejects[0][3]
    assert "whole number of micros" in got.rejects[1][3]
    with pytest.raises(QuestionOpen, match="micros"):
        amounts(tmp_path, ["1500000", "2500000", "12000000"])
    unit = '[units]\nrevenue = "{}"'
    cells = ["1500000", "2500000", "12000000"]
    assert amounts(tmp_path, cells, mapping=unit.format("micros"))[0] == ["1.5", "2.5", "12"]
    assert amounts(tmp_path, cells, mapping=unit.format("whole"))[0] == cells
