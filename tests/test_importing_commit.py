"""A file into the warehouse: once."""

from __future__ import annotations

import pytest

from reconcile.errors import QuestionOpen
from reconcile.importing import import_file
from reconcile.terms import Kind
from reconcile.warehouse import open_store

TEXT = "transaction_id,event_id,pid,occurred_at,revenue\nt1,sale,p,2025-10-01,1.5\nt2,sale,p,x,1\n"


def test_the_same_bytes_are_imported_once(home, tmp_path):
    """Under another name, too; after undoing they may come again."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(TEXT)
    second.write_text(TEXT)
    with open_store() as store:
        done = import_file(store, first, kind=Kind.EVENT, zone="PST", sender="us", user="ana")
        again = import_file(store, second, kind=Kind.EVENT, zone="PST")
        assert (done.already, again.already) == (False, True)
        assert again.batch.id == done.batch.id
        assert (done.batch.rows, done.batch.rejected, done.batch.sender) == (1, 1, "us")
        store.undo(done.batch.id)
        assert not import_file(store, second, kind=Kind.EVENT, zone="PST").already


def test_an_open_question_stores_nothing(home, tmp_path):
    """The next try starts from the beginning."""
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    with open_store() as store:
        with pytest.raises(QuestionOpen):
            import_file(store, path, kind=Kind.EVENT)
        assert store.batches() == []


CLAIMS = "buyer,transaction_id,event_id,occurred_at,revenue\n{},t1,sale,2025-10-01,5\n"


def test_a_report_of_one_buyer_is_that_buyers(home, tmp_path):
    """Nobody has to say what the file says itself."""
    path = tmp_path / "a.csv"
    path.write_text(CLAIMS.format("acme"))
    with open_store() as store:
        assert import_file(store, path, kind=Kind.CLAIM, zone="PST").batch.sender == "acme"


def test_a_report_that_names_no_buyer_asks_whose_it_is(home, tmp_path):
    """Else equal rows of two buyers' reports would count once."""
    path = tmp_path / "a.csv"
    path.write_text(CLAIMS.format(""))
    with open_store() as store:
        with pytest.raises(QuestionOpen, match="--sender"):
            import_file(store, path, kind=Kind.CLAIM, zone="PST")
        assert store.batches() == []
        assert import_file(store, path, kind=Kind.CLAIM, zone="PST", sender="b").batch.sender == "b"
