"""Columns that a template does not know: kept, asked about, or discarded with value or row."""

from __future__ import annotations

import inspect

import pytest

from reconcile.errors import QuestionOpen
from reconcile.importing import import_file, remap
from reconcile.importing.mapping.templates import load_templates, templates_folder
from reconcile.reading import rejected_rows
from reconcile.terms import Kind
from reconcile.warehouse import open_store

KNOWN = """
    transaction_id,revenue,occurred_at
    a1,12.50,2026-11-04 10:00:00
    """

WIDER = """
    transaction_id,revenue,occurred_at,Note,Other
    a3,1.50,2026-11-05 10:00:00,x,
    a4,2.50,2026-11-05 11:00:00,  ,
    a5,3.50,2026-11-05 12:00:00,,"y, z"
    a6,4.50,2026-11-05 13:00:00,,
    """


@pytest.fixture
def store(home):
    opened = open_store(home)
    yield opened
    opened.close()


def load(store, content, *answers):
    path = store.home / f"file-{len(store.batches())}.csv"
    path.write_text(inspect.cleandoc(content) + "\n")
    asked = {"kind": Kind.CLAIM, "sender": "acme", "zone": "UTC"}
    return import_file(store, path, answers=answers, **asked)


def test_rows_that_fill_a_new_column_are_rejected(store):
    """With line, column and text; a blank cell fills none, and the other rows are loaded."""
    load(store, KNOWN, "new_columns=discard_row")
    got = load(store, WIDER)
    assert (got.batch.rows, got.batch.rejected) == (2, 2)
    told = [
        (row["line"], row["column"], row["value"]) for row in rejected_rows(store, got.batch.id)
    ]
    assert told == [(2, "Note", "x"), (4, "Other", "y, z")]


def test_what_is_rejected_for_a_new_column_stays_so_when_the_batch_is_read_again(store):
    """A remap knows what its template knew."""
    load(store, KNOWN, "new_columns=discard_row")
    before = load(store, WIDER)
    again = remap(store, before.batch.id, answers=["currency=EUR"])
    assert (again.batch.rows, again.batch.rejected) == (2, 2)


def test_values_in_new_columns_are_stored_nowhere(store):
    """All rows are loaded without them, and the file that is kept lacks them."""
    load(store, KNOWN, "new_columns=discard_value")
    got = load(store, WIDER)
    assert (got.batch.rows, got.batch.rejected) == (4, 0)
    assert got.staged.new_columns == ("Note", "Other")
    assert got.staged.cleaned == ("drop Note", "drop Other")


def test_a_discarded_column_stays_a_new_one_after_an_answer(store):
    """The template that is saved again does not learn it on the way."""
    load(store, KNOWN, "new_columns=discard_row")
    load(store, WIDER, "currency=EUR")
    [template] = load_templates(templates_folder(store.home))
    assert "Note" not in template.mapping.headers
    assert load(store, WIDER.replace("a3,", "b3,")).batch.rejected == 2


def test_a_column_that_was_answered_about_is_no_new_one(store):
    """Set aside by its name, it rejects nothing; the other new one does."""
    load(store, KNOWN, "new_columns=discard_row")
    got = load(store, WIDER, "ignore=Note")
    assert (got.batch.rows, got.batch.rejected) == (3, 1)


def test_the_question_of_a_frozen_template_offers_to_discard(store):
    """Value or row, as an answer for all later files."""
    load(store, KNOWN, "new_columns=freeze")
    with pytest.raises(QuestionOpen) as error:
        load(store, WIDER)
    answers = error.value.questions[0].answers
    assert {("new_columns", "discard_row"), ("new_columns", "discard_value")} <= {*answers}
