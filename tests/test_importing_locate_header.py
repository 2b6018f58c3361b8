"""The header: on any line, over two lines, of unknown words; asked where two lines fit."""

from __future__ import annotations

import pytest

from importing_help import read
from reconcile.errors import BadMapping, NoHeader, QuestionOpen

HEAD = "transaction_id,occurred_at,revenue\n"
ROWS = "t1,2025-10-01,1.50\nt2,2025-10-02,2.50\n"
OURS = {"canonical_headers": True}
SUMMARY = "buyer,leads,revenue\nAcme,40,9.99\nBest,2,1.00\n"


def asked(folder, text, **options):
    """Return the key and the answers of the one question that is open."""
    with pytest.raises(QuestionOpen) as caught:
        read(folder, text, **options)
    [question] = caught.value.questions
    return question.key, [value for _, value in question.answers], question.suggestion


def test_a_table_above_the_table_is_asked_about(tmp_path):
    """Neither is taken because it has more known words; the answer names the line."""
    text = SUMMARY + "\n" + HEAD + ROWS
    assert asked(tmp_path, text) == ("header", ["1", "5"], None)
    got = read(tmp_path, text, mapping="header = 5")
    assert got.column("transaction_id") == ["t1", "t2"]
    assert got.staged.line_classes == {"blank": 1, "data": 2, "header": 1, "title": 3}


def test_a_stated_line_is_the_header_whatever_it_holds(tmp_path):
    """Beyond the lines that are searched, too; one that holds nothing is told."""
    text = "Report\n" * 80 + "Ref,When,Paid\n" + ROWS
    columns = 'columns = {transaction_id = "Ref", occurred_at = "When", revenue = "Paid"}'
    got = read(tmp_path, text, mapping="header = 81\n" + columns)
    assert (got.staged.rows, got.staged.line_classes["title"]) == (2, 80)
    with pytest.raises(BadMapping, match="line 99"):
        read(tmp_path, text, mapping="header = 99\n" + columns)


def test_unknown_words_above_rows_are_a_header(tmp_path):
    """So that the missing columns are asked for, with those that exist."""
    with pytest.raises(QuestionOpen, match="Klickref"):
        read(tmp_path, "Report\n\nKlickref,Tag,Erlös netto\n" + ROWS)
    with pytest.raises(NoHeader, match="line 1 holds"):
        read(tmp_path, ROWS)


def test_two_lines_of_unknown_words_are_asked_about(tmp_path):
    """Both have rows below them that look alike."""
    text = f"Wert,Tag,Rest\n{ROWS}\nKlickref,Zeit,Netto\n{ROWS}"
    assert asked(tmp_path, text) == ("header", ["1", "5"], None)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        (
            "Transaction,Occurred,Revenue\nID,At,\n",
            ["Transaction ID", "Occurred At", "Revenue"],
        ),
        (
            "Transaction,Conversion,\nID,Date,Revenue\n",
            ["Transaction ID", "Conversion Date", "Revenue"],
        ),
        ("transaction_id,occurred_at,\n,,revenue\n", ["transaction_id", "occurred_at", "revenue"]),
    ],
    ids=["names go on below", "names begin above", "one name lower"],
)
def test_a_header_over_two_lines_is_asked_and_joined(tmp_path, header, named):
    """The answer makes one header of them; --yes takes it where more words are known then."""
    key, answers, suggestion = asked(tmp_path, header + ROWS)
    assert (key, answers, suggestion) == ("header_rows", ["2", "1"], "2")
    columns = f'columns = {{transaction_id = "{named[0]}"}}'
    got = read(tmp_path, header + ROWS, mapping=f'header_rows = "2"\n{columns}', **OURS)
    assert got.column("transaction_id") == ["t1", "t2"]
    assert list(got.staged.mapping.values()) == named
    assert got.staged.line_classes == {"data": 2, "header": 2}


def test_groups_above_the_names_tell_equal_names_apart(tmp_path):
    """A group's name holds for the columns to its right, up to the next one."""
    text = "Lead,,Sale,\nID,Date,Date,Revenue\nt1,2025-09-01,2025-10-01,1.5\n"
    got = read(
        tmp_path,
        text,
        mapping="""
        header_rows = "2"
        [columns]
        transaction_id = "Lead ID"
        occurred_at = "Sale Date"
        revenue = "Sale Revenue"
        """,
    )
    assert str(got.column("occurred_at")[0]) == "2025-10-01 00:00:00"


@pytest.mark.parametrize("title", ["Buyer,Acme", "Report,October", "Buyer report,,", "Acme,,\n"])
def test_a_title_above_the_header_is_no_part_of_it(tmp_path, title):
    """Nor is a first row: nothing is asked."""
    got = read(tmp_path, f"{title}\n{HEAD}{ROWS}")
    assert (got.staged.rows, got.staged.line_classes["title"]) == (2, 1)


def test_rows_above_the_header_are_asked_about(tmp_path):
    """Titles they are none; the answer says so."""
    text = ROWS + HEAD + ROWS.replace("t", "u")
    assert asked(tmp_path, text) == ("header", ["3"], None)
    got = read(tmp_path, text, mapping="header = 3")
    assert got.column("transaction_id") == ["u1", "u2"]
