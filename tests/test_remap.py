"""A batch that was misread is typed again from the file that it keeps."""

from __future__ import annotations

import gzip
import inspect
from datetime import date
from decimal import Decimal

import pytest

from reconcile import RunParameters, known_runs, remap, run
from reconcile.engine import Engine
from reconcile.errors import BadFile, BadParameters, NotFound, QuestionOpen
from reconcile.importing import Mapping, import_file
from reconcile.importing.keeping import SOURCE
from reconcile.terms import Kind
from reconcile.warehouse import Store, open_store
from tests.cli_help import call

TEXT = """
transaction_id;event_id;occurred_at;revenue;buyer
t1;sale;03/04/2026 10:00:00;1.234;acme
t2;sale;05/04/2026 10:00:00;2.500;acme
"""
ANSWERS = ("date_format=%m/%d/%Y %H:%M:%S", "decimal=.")


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def put(store: Store, folder, content: str | bytes = TEXT, name: str = "a.csv", **options):
    """Import a report and delete the file; return its batch."""
    path = folder / name
    text = content if isinstance(content, bytes) else (inspect.cleandoc(content) + "\n").encode()
    path.write_bytes(text)
    asked = {"zone": "UTC", "answers": ANSWERS} | options
    batch = import_file(store, path, kind=Kind.CLAIM, **asked).batch
    path.unlink()
    return batch


def claims(store: Store) -> list[tuple[object, ...]]:
    """Return id, day, amount and file of each claim that counts."""
    engine = Engine()
    store.attach(engine, store.batches())
    rows = engine._con.execute(
        "select transaction_id, strftime(occurred_at, '%m-%d'), revenue, file "
        "from claim join source_file using (file_no) order by all"
    ).fetchall()
    engine.close()
    return [tuple(row) for row in rows]


def test_a_wrong_answer_is_mended_from_the_kept_file(store, tmp_path):
    """Day and month and the decimal mark were mistaken; the file itself is long gone."""
    wrong = put(store, tmp_path)
    assert claims(store)[0][1:3] == ("03-04", Decimal("1.2340"))
    done = remap(store, wrong.id, answers=["date_format=%d/%m/%Y %H:%M:%S", "decimal=,"])
    assert claims(store) == [
        ("t1", "04-03", Decimal(1234), wrong.file),
        ("t2", "04-05", Decimal(2500), wrong.file),
    ]
    assert (done.batch.replaces, done.batch.sha256) == (wrong.id, wrong.sha256)
    assert [batch.id for batch in store.batches()] == [done.batch.id]
    assert not [text for text in store.doctor() if "batch" in text]


def test_undo_brings_the_version_before_back(store, tmp_path):
    """Version by version, and at last the file can be imported anew; undoing twice does no harm."""
    first = put(store, tmp_path)
    before = claims(store)
    second = remap(store, first.id, answers=["decimal=,"]).batch
    third = remap(store, second.id, answers=["date_format=%d/%m/%Y %H:%M:%S"]).batch
    store.undo(third.id)
    store.undo(third.id)
    assert [batch.id for batch in store.batches()] == [second.id]
    store.undo(second.id)
    assert claims(store) == before
    store.undo(first.id)
    assert store.batches() == []
    assert put(store, tmp_path).id != first.id


def test_what_was_stated_before_still_holds(store, tmp_path):
    """Only the line of the answer changes: zone, sender, forms and export time are kept."""
    wrong = put(store, tmp_path, zone="PST", sender="best")
    done = remap(store, wrong.id, answers=["decimal=,"])
    assert (done.batch.zone, done.batch.sender) == ("PST", "best")
    assert done.batch.made_at == wrong.made_at
    assert done.batch.first_at == wrong.first_at
    later = put(store, tmp_path, TEXT + "t9;sale;20/04/2026 10:00:00;1,00;acme\n", answers=())
    assert (later.zone, later.sender) == ("PST", "best")
    again = remap(store, done.batch.id, answers=["sender=acme"])
    assert again.batch.sender == "acme"


def test_a_packed_file_is_kept_as_it_came(store, tmp_path):
    """Its bytes are the same, so that nothing is lost by keeping it."""
    data = gzip.compress((inspect.cleandoc(TEXT) + "\n").encode(), mtime=0)
    batch = put(store, tmp_path, data, "a.csv.gz")
    assert (batch.path / SOURCE).read_bytes() == data
    assert remap(store, batch.id, answers=["decimal=,"]).batch.rows == 2


def test_an_open_question_leaves_the_old_version(store, tmp_path):
    """What the new reading leaves open is asked; nothing has changed then."""
    batch = put(store, tmp_path)
    with pytest.raises(QuestionOpen):
        remap(store, batch.id, mapping=Mapping(decimal=","))
    assert [b.id for b in store.batches()] == [batch.id]


def test_what_cannot_be_typed_again_says_why(store, tmp_path):
    """No such batch, nothing to change, an old version, a file that was not kept."""
    batch = put(store, tmp_path)
    with pytest.raises(NotFound):
        remap(store, "x", answers=["decimal=,"])
    with pytest.raises(BadParameters, match="what was misread"):
        remap(store, batch.id)
    later = remap(store, batch.id, answers=["decimal=,"]).batch
    with pytest.raises(BadParameters, match=later.id):
        remap(store, batch.id, answers=["decimal=."])
    (later.path / SOURCE).unlink()
    with pytest.raises(BadFile, match="was not kept"):
        remap(store, later.id, answers=["decimal=."])


def test_runs_that_read_the_old_version_are_stale(store, tmp_path):
    """Until the new version is undone."""
    batch = put(store, tmp_path)
    events = tmp_path / "events.csv"
    events.write_text("transaction_id,event_id,pid,occurred_at,revenue\nt1,sale,p,2026-03-04,5\n")
    import_file(store, events, kind=Kind.EVENT, zone="UTC")
    parameters = RunParameters(date(2026, 3, 1), date(2026, 6, 1), "UTC")
    run(store, parameters)
    assert known_runs(store)[0].current
    done = remap(store, batch.id, answers=["decimal=,"])
    assert not known_runs(store)[0].current
    assert call("runs", "--format", "json").rows[0]["state"] == "stale"
    assert done.batch.id in call("findings").err
    [old, new] = call("batches", "--all", "--format", "json").rows[:2]
    assert {old["state"], new["state"]} == {"", f"now {done.batch.id}"}
    store.undo(done.batch.id)
    assert call("findings").err == ""
    assert known_runs(store)[0].current


def test_the_command_line_types_a_batch_again(home, tmp_path):
    """It says what has changed, and how to go back."""
    with open_store() as store:
        batch = put(store, tmp_path)
    told = call("remap", batch.id, "--answer", "decimal=,")
    assert told.code == 0
    with open_store() as store:
        [now] = store.batches()
        assert now.id in told.out
        assert claims(store)[0][2] == Decimal(1234)
    assert call("undo", now.id).code == 0
    assert call("remap", now.id, "--answer", "decimal=,").code == 2
