"""All that is open in a file is asked at once, and nothing that hangs on an open answer."""

from __future__ import annotations

import inspect
import zipfile

import pytest

from reconcile import preview
from reconcile.errors import QuestionOpen
from reconcile.importing import import_file
from reconcile.terms import Kind
from reconcile.warehouse import open_store

ALL_OPEN = """
Lead ID;Payout;Amount;Sold On;Buyer;Status
L-001;10.50;11.00;03/04/2026 10:00;ACME Inc;Sold
L-002;12.50;13.00;05/04/2026 11:00;ACME  Inc;Bouncy
L-003;9.25;10.00;07/04/2026 12:00;Best;Sold
"""


@pytest.fixture
def store(home):
    """Return an open store on an empty home."""
    with open_store() as opened:
        yield opened


def file_of(folder, content, name="a.csv"):
    """Write a file."""
    path = folder / name
    path.write_text(inspect.cleandoc(content) + "\n", encoding="utf-8")
    return path


def archive_of(folder):
    """Write an archive of two files."""
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, inspect.cleandoc(ALL_OPEN))
    return path


def asked(store, path, kind=Kind.CLAIM, **options):
    """Return the error with the open questions."""
    with pytest.raises(QuestionOpen) as told:
        import_file(store, path, kind=kind, **options)
    return told.value


def keys(error):
    """Return the keys that are asked."""
    return [question.key for question in error.questions]


def test_a_person_answers_once(store, tmp_path):
    """Columns, order, zone, sender and spellings come together, and their answers are enough."""
    path = file_of(tmp_path, ALL_OPEN)
    error = asked(store, path)
    assert keys(error) == [
        *("columns.revenue", "columns.revenue", "columns.transaction_id", "columns.occurred_at"),
        *("date_format", "zone", "sender", "alias.buyer.ACME Inc"),
    ]
    assert [offer.key for offer in error.offers] == ["status.Bouncy"]
    assert "a run will" in str(error)
    answers = [
        *("columns.revenue=Payout", "ignore=Amount", "columns.transaction_id=Lead ID"),
        *("columns.occurred_at=Sold On", "date_format=dmy", "zone=PST", "sender=acme"),
        *("alias.buyer.ACME Inc=new", "status.Bouncy=returned"),
    ]
    done = import_file(store, path, kind=Kind.CLAIM, answers=answers)
    assert done.batch.rows == 3


def test_what_hangs_on_an_open_column_is_not_asked(store, tmp_path):
    """Whether 1.250 is a thousand matters only once the column is known to be the amount."""
    path = file_of(
        tmp_path,
        """
        transaction_id,occurred_at,Payout,buyer
        t1,2026-10-01,1.250,acme
        t2,2026-10-02,2.500,acme
        """,
    )
    error = asked(store, path)
    assert keys(error) == ["columns.revenue", "zone"]
    error = asked(store, path, answers=["columns.revenue=Payout"])
    assert keys(error) == ["decimal", "zone"]


def test_the_zone_has_no_evidence_while_the_order_is_open(store, tmp_path):
    """It would be that of an order which only stands in."""
    events = ["transaction_id,event_id,occurred_at,pid,revenue"]
    claims = ["transaction_id,occurred_at,revenue,buyer"]
    for n in range(1, 31):
        day = n % 12 + 1
        events.append(f"t{n},sale,2026-{day:02}-{day:02}T10:00:00Z,p,1.50")
        claims.append(f"t{n},{day:02}/{day:02}/2026 10:20,1.50,acme")
    import_file(store, file_of(tmp_path, "\n".join(events), "e.csv"), kind=Kind.EVENT)
    claims.append("t31,03/04/2026 10:20,1.50,acme")
    path = file_of(tmp_path, "\n".join(claims))
    by_key = {question.key: question for question in asked(store, path).questions}
    assert by_key["zone"].evidence == ()
    [zone] = asked(store, path, answers=["date_format=dmy"]).questions
    assert zone.evidence != ()


def test_nothing_is_asked_beside_a_question_on_which_all_hangs(store, tmp_path):
    """Of an archive with two files, which one; nobody knows the columns before."""
    assert keys(asked(store, archive_of(tmp_path))) == ["member"]


def test_an_event_file_without_an_event_is_asked_for_it_and_the_rest(store, tmp_path):
    """A constant stands in for the event, so that the column of the id stays free."""
    path = file_of(
        tmp_path,
        """
        Ort,Sold On,Revenue
        Bonn,2026-04-13 10:00,12.50
        Bonn,2026-04-14 10:00,13.50
        """,
    )
    assert keys(asked(store, path, kind=Kind.EVENT)) == [
        *("columns.transaction_id", "columns.event_id", "columns.occurred_at", "zone"),
    ]


def test_suggestions_are_taken_and_the_rest_is_asked_together(store, tmp_path):
    """With --yes a person is asked only what nothing speaks for."""
    error = asked(store, file_of(tmp_path, ALL_OPEN), take_suggestions=True)
    assert keys(error) == ["columns.revenue", "columns.revenue", "date_format", "zone", "sender"]


def test_a_preview_tells_what_stands_in_for_answers(store, tmp_path):
    """Rows are shown; a column in doubt fills nothing, and says so; nothing is stored."""
    seen = preview(store, file_of(tmp_path, ALL_OPEN), kind=Kind.CLAIM)
    assert seen.assumed == ("columns.transaction_id=Lead ID", "columns.occurred_at=Sold On")
    assert seen.provisional == (
        *("ignore=Payout", "ignore=Amount", "date_format=dmy", "zone=America/Los_Angeles"),
    )
    assert len(seen.rows) == 3
    assert "revenue" not in seen.rows[0].typed
    assert [column.header for column in seen.columns if column.is_open] == ["Payout", "Amount"]
    assert {question.key for question in seen.has_suggestion} == {
        *("columns.transaction_id", "columns.occurred_at", "alias.buyer.ACME Inc"),
    }
    assert store.batches() == []


def test_where_nothing_stands_in_the_question_is_shown_alone(store, tmp_path):
    """There is no table to show before somebody says which file of the archive is meant."""
    seen = preview(store, archive_of(tmp_path), kind=Kind.CLAIM)
    assert (seen.staged, seen.rows) == (None, ())
    assert [question.key for question in seen.needs_you] == ["member"]


def test_the_values_of_json_lines_are_looked_at_and_shown(store, tmp_path):
    """As those of a text: a key that nobody knows is told by what it holds."""
    path = file_of(
        tmp_path,
        """
        {"ref": "a-1", "paid": "1.50", "when": "2026-10-01 10:00:00", "buyer": "acme"}
        {"ref": "a-2", "paid": "2.50", "when": "2026-10-02 10:00:00", "buyer": "acme"}
        """,
    )
    seen = preview(store, path, kind=Kind.CLAIM)
    assert seen.assumed == (
        *("columns.transaction_id=ref", "columns.occurred_at=when", "columns.revenue=paid"),
    )
    assert seen.rows[0].raw["paid"] == "1.50"
    assert [question.key for question in seen.needs_you] == ["zone"]
