"""What a preview shows of a file, and that it stores nothing."""

from __future__ import annotations

import inspect
from datetime import datetime
from decimal import Decimal

import pytest

from reconcile import preview
from reconcile.errors import BadFile
from reconcile.importing import import_file
from reconcile.terms import Kind
from reconcile.warehouse import open_store
from tests.cli_help import call

TEXT = """
October report

transaction_id;occurred_at;revenue;note;buyer
t1;2026-10-01 10:00:00;1.234,50;a;acme
t2;2026-10-02 10:00:00;12,00;b;acme
t3;2026-10-03 25:00:00;12,00;c;acme
;;1.246,50;;
"""


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def file_of(folder, content: str, name: str = "a.csv"):
    """Write a file."""
    path = folder / name
    path.write_text(inspect.cleandoc(content) + "\n", encoding="utf-8")
    return path


def test_rows_are_shown_as_written_and_as_typed(store, tmp_path):
    """With how the file was opened, the class of each line, what is rejected, and each column."""
    path = file_of(tmp_path, TEXT)
    seen = preview(store, path, kind=Kind.CLAIM, zone="UTC", answers=["decimal=,"])
    assert seen.questions == ()
    assert seen.head is not None
    assert (seen.head.encoding, seen.head.delimiter) == ("utf-8", ";")
    assert (seen.lines["title"], seen.lines["blank"], seen.lines["header"]) == (1, 1, 1)
    first = seen.rows[0]
    assert first.line_no == 4
    assert first.raw["revenue"] == "1.234,50"
    assert first.typed["revenue"] == Decimal("1234.5")
    assert first.typed["occurred_at"] == datetime(2026, 10, 1, 10)
    assert [(r.line_no, r.column, r.value) for r in seen.rejects] == [
        (6, "occurred_at", "2026-10-03 25:00:00")
    ]
    fields = {column.header: (column.field, column.examples) for column in seen.columns}
    assert fields["note"] == (None, ("a", "b", "c"))
    assert fields["transaction_id"][0] == "transaction_id"


def test_a_preview_stores_nothing(store, tmp_path):
    """No batch, no template, no folder; and it can be made again."""
    path = file_of(tmp_path, TEXT)
    asked = {"kind": Kind.CLAIM, "zone": "UTC", "answers": ["decimal=,"]}
    before = sorted(store.home.rglob("*"))
    assert preview(store, path, **asked).rows == preview(store, path, **asked).rows != ()
    assert sorted(store.home.rglob("*")) == before
    assert store.batches(with_undone=True) == []


def test_whose_file_it_is_stays_open_beside_its_rows(store, tmp_path):
    """The question is not raised: the screen shows it with what the file holds."""
    path = file_of(tmp_path, "transaction_id,occurred_at,revenue\nt1,2026-10-01,1.5")
    seen = preview(store, path, kind=Kind.CLAIM, zone="UTC")
    assert [question.key for question in seen.questions] == ["sender"]
    assert len(seen.rows) == 1
    assert preview(store, path, kind=Kind.CLAIM, zone="UTC", sender="acme").questions == ()


def test_an_open_question_is_shown_with_the_head_of_the_file(store, tmp_path):
    """It is not raised: its rows are read by an answer that is marked as nobody's."""
    path = file_of(tmp_path, "transaction_id,occurred_at,revenue\nt1,2026-10-01,1.5")
    seen = preview(store, path, kind=Kind.CLAIM, sender="acme")
    assert [question.key for question in seen.needs_you] == ["zone"]
    assert (seen.assumed, seen.provisional) == ((), ("zone=America/Los_Angeles",))
    assert seen.rows[0].raw["occurred_at"] == "2026-10-01"
    assert seen.rows[0].typed["occurred_at"] == datetime(2026, 10, 1, 7)
    assert [column.header for column in seen.columns] == [
        "transaction_id",
        "occurred_at",
        "revenue",
    ]
    assert seen.columns[2].examples == ("1.5",)
    answered = preview(store, path, kind=Kind.CLAIM, sender="acme", answers=["zone=PST"])
    assert answered.provisional == ()
    assert answered.rows[0].typed["occurred_at"] == datetime(2026, 10, 1, 8)


def test_what_is_loaded_already_is_shown(store, tmp_path):
    """The same bytes, and files of the sender whose time meets the new one's."""
    path = file_of(
        tmp_path, "transaction_id,occurred_at,revenue\nt1,2026-10-01,1.5\nt2,2026-10-05,2"
    )
    later = file_of(tmp_path, "transaction_id,occurred_at,revenue\nt1,2026-10-05,1.5", "b.csv")
    apart = file_of(tmp_path, "transaction_id,occurred_at,revenue\nt1,2026-10-06,1.5", "c.csv")
    asked = {"kind": Kind.CLAIM, "zone": "UTC", "sender": "acme"}
    batch = import_file(store, path, **asked).batch
    assert preview(store, path, **asked).already == batch
    assert preview(store, later, **asked).overlapping == (batch,)
    assert preview(store, apart, **asked).overlapping == ()
    assert preview(store, later, **asked | {"sender": "best"}).overlapping == ()


def test_a_file_that_cannot_be_read_is_refused_as_by_an_import(store, tmp_path):
    """There is nothing to be shown of it."""
    with pytest.raises(BadFile, match="No such file"):
        preview(store, tmp_path / "x.csv", kind=Kind.CLAIM)


def test_the_command_line_shows_a_preview_and_stores_nothing(home, tmp_path):
    """Rows as written and as read, rejects and checks on one page; nothing is loaded after it."""
    path = file_of(tmp_path, TEXT)
    told = call(
        "import", path, "--kind", "claim", "--zone", "UTC", "--answer", "decimal=,", "--preview"
    )
    assert told.code == 0
    for text in ("1.234,50", "1,234.50", "2026-10-03 25:00:00", "Nothing was stored."):
        assert text in told.out
    assert call("batches", "--format", "json").rows == []


def test_a_preview_as_json_has_the_answers_of_open_questions(home, tmp_path):
    """Exit code 4 as for the import, and each answer in the form that the command line takes."""
    path = file_of(tmp_path, "transaction_id,occurred_at,buyer\nt1,2026-10-01,a\nt2,2026-10-01,b")
    asked = ("import", path, "--kind", "claim", "--zone", "UTC", "--preview", "--format", "json")
    told = call(*asked)
    assert told.code == 4
    [question] = told.rows["questions"]
    assert [choice["answer"] for choice in question["answers"]] == ["sender=a", "sender=b"]
    assert told.rows["sample"][0]["typed"]["occurred_at"] == "2026-10-01 00:00:00"
    assert call(*asked, "--answer", "sender=a").code == 0
    assert call(*asked[:-1], "csv").code == 2
