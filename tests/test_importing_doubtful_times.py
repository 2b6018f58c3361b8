"""Times that could be read wrongly without a word: one damaged date, hours without AM and PM."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from importing_help import read
from reconcile.errors import BadFile, QuestionOpen
from reconcile.importing import import_file, preview
from reconcile.terms import Kind
from reconcile.warehouse import open_store

HEAD = "transaction_id,occurred_at,revenue\n"
SAID = {"kind": Kind.CLAIM, "sender": "acme", "zone": "America/Los_Angeles"}


def rows(times) -> str:
    return HEAD + "".join(f"t{n},{text},5.00\n" for n, text in enumerate(times))


def written(first: datetime, minutes: int, count: int, form: str) -> list[str]:
    return [(first + timedelta(minutes=minutes * n)).strftime(form) for n in range(count)]


def test_one_damaged_date_never_turns_a_column_that_others_prove(tmp_path):
    """It is rejected by name, and is no question."""
    times = written(datetime(2025, 9, 1), 20, 2000, "%m/%d/%Y %H:%M")
    got = read(tmp_path, rows([*times[:900], "25/02/2025 10:00", *times[900:]]))
    assert got.column("occurred_at")[-1] == datetime(2025, 9, 28, 18, 20)
    assert [(line, column) for line, column, _, _ in got.rejects] == [(902, "occurred_at")]


@pytest.mark.parametrize("damaged", ["25/02/2025 10:00", "25/12/2025 10:00"])
def test_one_damaged_date_never_turns_a_column_that_nothing_else_proves(tmp_path, damaged):
    """The first days of November, month first, would become the eleventh of ten months."""
    times = written(datetime(2025, 11, 1), 5, 2500, "%m/%d/%Y %H:%M")
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, rows([*times[:900], damaged, *times[900:]]))
    [question] = caught.value.questions
    assert (question.key, question.suggestion) == ("date_format", None)
    assert any("(line 902) fits no other" in line for line in question.evidence)


def test_one_damaged_date_among_those_of_a_day_is_asked(tmp_path):
    """Thousands of equal days tell nothing, and one other date is no proof."""
    with pytest.raises(QuestionOpen, match="date_format=mdy"):
        read(tmp_path, rows(["11/10/2025"] * 3000 + ["25/10/2025"]))


def test_the_first_thirteenth_of_a_month_still_tells_the_order(tmp_path):
    """It puts the others closer together, as no damaged date would."""
    times = written(datetime(2025, 1, 1), 6, 2881, "%m/%d/%Y %H:%M")
    got = read(tmp_path, rows(times))
    assert got.column("occurred_at")[-1] == datetime(2025, 1, 13)


LOST = {
    "numbers": "%m/%d/%Y %I:%M",
    "iso": "%Y-%m-%d %I:%M:%S",
}


@pytest.mark.parametrize("form", LOST)
def test_hours_that_lost_am_and_pm_are_asked(home, tmp_path, form):
    """Half of them would be twelve hours early; the answer holds for the files to come."""
    path = tmp_path / "acme.csv"
    path.write_text(rows(written(datetime(2025, 10, 20), 37, 300, LOST[form])))
    with open_store() as store:
        with pytest.raises(QuestionOpen, match="The hours of all 300 times") as caught:
            import_file(store, path, **SAID, take_suggestions=True)
        assert [question.key for question in caught.value.questions] == ["clock"]
        assert [q.key for q in preview(store, path, **SAID).questions] == ["clock"]
        with pytest.raises(BadFile, match="clock = stop"):
            import_file(store, path, **SAID, answers=["clock=stop"])
        assert store.batches() == []
        import_file(store, path, **SAID, answers=["clock=24"])
        path.write_text(rows(written(datetime(2025, 11, 20), 37, 300, LOST[form])))
        assert import_file(store, path, **SAID).batch.rows == 300


RIGHT = {
    "with AM": "%m/%d/%Y %I:%M AM",
    "of a night": "%m/%d/%Y 0%w:%M",
    "no clock": "%m/%d/%Y",
}


@pytest.mark.parametrize("form", RIGHT)
def test_hours_that_are_right_are_not_asked(home, tmp_path, form):
    """AM stands there, or one half of the day alone is meant, or there is no hour at all."""
    path = tmp_path / "acme.csv"
    path.write_text(rows(written(datetime(2025, 10, 20), 37, 300, RIGHT[form])))
    with open_store() as store:
        assert import_file(store, path, **SAID).batch.rows == 300


def test_few_times_are_not_suspect(home, tmp_path):
    """Nineteen may well all lie in one half of a day."""
    path = tmp_path / "acme.csv"
    path.write_text(rows(written(datetime(2025, 10, 20), 37, 19, "%m/%d/%Y %I:%M")))
    with open_store() as store:
        assert import_file(store, path, **SAID).batch.rows == 19
