"""A question as data, and the text that tells it with the syntax of its answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconcile.errors import QuestionOpen
from reconcile.importing.questions import Choice, Question, asked, key_words, option, toml_line

MONEY = Question(
    "columns.revenue",
    "'Payout' is what is earned or what is paid.",
    (Choice("Payout", "earned"), Choice("Payout", "neither", key="ignore")),
)
ZONE = Question(
    "zone",
    "The times name no zone.",
    (Choice("PST", "always UTC-8"), Choice("America/Los_Angeles")),
    evidence=("97 % of the events fall within an hour under PST.",),
    suggestion="PST",
    is_free=True,
)


def test_one_question_is_told_with_each_answer_and_the_line_of_a_mapping():
    """Each answer is one that can be copied."""
    error = asked("acme.csv", [MONEY])
    assert isinstance(error, QuestionOpen)
    assert error.questions == (MONEY,)
    assert str(error).splitlines() == [
        "acme.csv: 'Payout' is what is earned or what is paid.",
        "  --answer columns.revenue=Payout    (earned)",
        "  --answer ignore=Payout    (neither)",
        '  or in the mapping, for example: [columns] revenue = "Payout"',
    ]


def test_several_questions_are_told_at_once_and_each_once():
    """Numbered, with what speaks for an answer and the one that is suggested.

    Two columns that could be one field are two questions of one key.
    """
    error = asked("acme.csv", [MONEY, ZONE, MONEY])
    assert error.questions == (MONEY, ZONE)
    twin = replace(MONEY, text="'Amount' is the order's worth or what is earned.")
    assert asked("acme.csv", [MONEY, twin]).questions == (MONEY, twin)
    lines = str(error).splitlines()
    assert lines[0] == "acme.csv: 2 questions are open."
    assert lines[5:] == [
        "2. The times name no zone.",
        "  97 % of the events fall within an hour under PST.",
        "  --answer zone=PST    (always UTC-8; suggested: --yes takes it)",
        "  --answer zone=America/Los_Angeles",
        '  or in the mapping: zone = "PST"',
    ]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("zone", ["zone"]),
        ("status.On hold.", ["status", "On hold."]),
        ("columns.revenue", ["columns", "revenue"]),
        ("alias.buyer.Acme Inc. West", ["alias", "buyer", "Acme Inc. West"]),
        ("date_format.Sale Date", ["date_format", "Sale Date"]),
    ],
)
def test_a_key_is_split_at_its_tables_only(key, words):
    """What a file wrote may hold points."""
    assert key_words(key) == words


def test_an_answer_survives_the_shell():
    """Blanks, quotes and equal signs of a file's words are quoted."""
    assert option("status.On hold", "pending") == "--answer 'status.On hold=pending'"
    assert option("status.a=b", "paid") == """--answer 'status."a=b"=paid'"""
    assert toml_line("status.On hold", "pending") == '[status] "On hold" = "pending"'
    assert toml_line("ignore", "id") == 'ignore = ["id"]'
    assert toml_line("trust", "id") == 'trust = ["id"]'
    assert toml_line("header", "3") == "header = 3"
    assert toml_line("alias.buyer.Acme", "acme") == '[alias.buyer] Acme = "acme"'
