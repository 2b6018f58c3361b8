"""Answers without a place in the file, questions that share a key, files without a good row."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from importing_help import read, read_path
from reconcile.errors import BadMapping, QuestionOpen
from tests.cli_help import call

HEAD = "transaction_id,occurred_at,revenue\n"
ROW = "t1,2026-10-01 10:00:00,1.00\n"


@pytest.mark.parametrize("answer", ["sheet=Data", "member=a.csv"])
def test_an_answer_about_what_a_text_does_not_have_is_refused(tmp_path, answer):
    """It would be passed over, and its giver would think that it was heard."""
    with pytest.raises(BadMapping, match=answer.partition("=")[0]):
        read(tmp_path, HEAD + ROW, answers=(answer,))


@pytest.mark.parametrize("answer", ["header=3", "part_titles=ignore", "second_table=apart"])
def test_json_lines_have_no_lines_above_or_between_their_rows(tmp_path, answer):
    """Their keys are the header, wherever they stand."""
    line = json.dumps({"transaction_id": "t1", "occurred_at": "2026-10-01", "revenue": "1.00"})
    with pytest.raises(BadMapping, match="has no"):
        read(tmp_path, line, answers=(answer,))
    assert read(tmp_path, HEAD + ROW, answers=("header=1",)).staged.rows == 1


def test_two_columns_that_may_be_one_field_have_questions_of_their_own(tmp_path):
    """A key stands for one question, so that a program can tell which one it answers."""
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, "Transaction ID,TransactionID,occurred_at,revenue\nt1,o1,2026-10-01,1.00\n")
    keys = [question.key for question in caught.value.questions]
    assert len(set(keys)) == len(keys) == 2


def test_the_columns_of_parquet_are_looked_at_before_they_are_mapped(tmp_path):
    """An id of dates is asked about, as in a text; it was read before."""
    path = tmp_path / "file.parquet"
    days = [f"2026-10-{n:02}" for n in range(1, 29)]
    columns = {"transaction_id": days, "occurred_at": days, "revenue": ["1.50"] * len(days)}
    pq.write_table(pa.table(columns), path)
    with pytest.raises(QuestionOpen, match="holds dates") as caught:
        read_path(path, zone="UTC")
    assert [question.key for question in caught.value.questions] == ["columns.transaction_id"]


def test_a_file_of_which_every_row_was_rejected_ends_with_2(home, tmp_path):
    """Nothing of it counts, so a script must not go on as if it were loaded."""
    path = tmp_path / "all.csv"
    path.write_text(HEAD + ROW.replace("1.00", "tbd"), encoding="utf-8")
    told = call("import", path, "--kind", "claim", "--sender", "acme", "--zone", "UTC")
    assert told.code == 2
    assert "No row of it could be read" in told.out
    good = tmp_path / "good.csv"
    good.write_text(HEAD + ROW, encoding="utf-8")
    path.write_text(HEAD + ROW.replace("1.00", "soon"), encoding="utf-8")
    said = ("--kind", "claim", "--sender", "acme", "--zone", "UTC")
    told = call("import", good, path, *said)
    assert told.code == 2
    assert "1 imported, 1 without a row that could be read" in told.out
