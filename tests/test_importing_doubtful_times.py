"""Times that could be read wrongly without a word: one damaged date, hours without AM and PM."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from importing_help import read
from reconcile.errors import BadFile, QuestionOpen
from reconcile.importing import import_file, preview
from reconcile.importing.opening import chunks
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


def test_a_half_of_the_day_with_its_marks_is_not_asked(home, tmp_path):
    """From one to noon, each with its AM or PM."""
    moments = [datetime(2025, 10, 1 + n % 20, 1 + n % 12, 5) for n in range(100)]
    path = tmp_path / "acme.csv"
    with open_store() as store:
        path.write_text(rows(f"{at:%m/%d/%Y %I:%M}" for at in moments))
        with pytest.raises(QuestionOpen, match="clock=24"):
            import_file(store, path, **SAID)
        path.write_text(rows(f"{at:%m/%d/%Y %I:%M %p}" for at in moments))
        assert import_file(store, path, **SAID).batch.rows == 100


def test_few_times_are_not_suspect(home, tmp_path):
    """Nineteen may well all lie in one half of a day."""
    path = tmp_path / "acme.csv"
    path.write_text(rows(written(datetime(2025, 10, 20), 37, 19, "%m/%d/%Y %I:%M")))
    with open_store() as store:
        assert import_file(store, path, **SAID).batch.rows == 19


LOCAL = ZoneInfo("America/Los_Angeles")


class Known:
    """Events by id."""

    def __init__(self, times):
        self.times = times

    def of(self, ids):
        return {name: self.times[name] for name in ids if name in self.times}


def worded(months, word, *, count: int = 60, form: str = "%m/%d/%Y %H:%M"):
    """Return times of some months as the clocks of Los Angeles show them, and a word behind."""
    moments = [
        datetime(2025, months[n % len(months)], 13 + n % 15, n % 24, 7, tzinfo=UTC)
        for n in range(count)
    ]
    texts = [f"{at.astimezone(LOCAL).strftime(form)} {word(at)}" for at in moments]
    return [at.replace(tzinfo=None) for at in moments], texts


def pst(_: datetime) -> str:
    return "PST"


def true_word(at: datetime) -> str:
    return at.astimezone(LOCAL).tzname() or ""


@pytest.mark.parametrize("form", ["%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M", "%d %b %Y %I:%M %p"])
def test_pst_in_summer_is_asked(tmp_path, form):
    """People write PST all year; both readings can be stated, and differ by an hour in summer."""
    moments, texts = worded([1, 7], pst, form=form)
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, rows(texts))
    [question] = caught.value.questions
    assert (question.key, question.suggestion) == ("zone_words", None)
    assert "30 of 60 times lie in summer" in question.evidence[0]
    got = read(tmp_path, rows(texts), mapping='zone_words = "local"')
    assert got.column("occurred_at") == moments
    got = read(tmp_path, rows(texts), mapping='zone_words = "fixed"')
    hour = timedelta(hours=1)
    late = [at + hour if at.month == 7 else at for at in moments]
    assert got.column("occurred_at") == late


def test_pst_in_winter_or_beside_pdt_is_not_asked(tmp_path):
    """In winter both are one, and who writes PDT means what he writes."""
    for months, word in (([1, 2], pst), ([1, 7], true_word)):
        moments, texts = worded(months, word)
        assert read(tmp_path, rows(texts)).column("occurred_at") == moments
    fixed = ["07/15/2025 10:00 PST", *worded([1, 7], true_word)[1]]
    assert read(tmp_path, rows(fixed)).column("occurred_at")[0] == datetime(2025, 7, 15, 18)


@pytest.mark.parametrize(("word", "shift"), [("local", 0), ("fixed", 1)])
def test_matched_events_speak_for_one_meaning_of_pst(tmp_path, word, shift):
    """Times soon after their events suggest it; `--yes` takes it."""
    moments, texts = worded([1, 7], pst, count=120)
    known = {
        f"t{n}": at
        - timedelta(minutes=5)
        + (timedelta(hours=shift) if at.month == 7 else timedelta())
        for n, at in enumerate(moments)
    }
    with pytest.raises(QuestionOpen) as caught:
        read(tmp_path, rows(texts), known_times=Known(known))
    [question] = caught.value.questions
    assert question.suggestion == word
    assert any(f"read as {word}, 100% lie within 1 h" in line for line in question.evidence)


def test_a_stated_order_keeps_the_zones_of_the_cells(tmp_path):
    """Who answers the order of dates has said nothing of their zones."""
    texts = [f"0{1 + n % 3}/0{1 + n % 9}/2025 10:00 PST" for n in range(30)]
    with pytest.raises(QuestionOpen, match="date_format=mdy"):
        read(tmp_path, rows(texts))
    got = read(tmp_path, rows(texts), mapping='date_format = "mdy"\nzone_words = "fixed"')
    assert got.rejects == []
    assert got.column("occurred_at")[0] == datetime(2025, 1, 1, 18)


def test_pst_in_summer_is_seen_far_down_a_file(tmp_path, monkeypatch):
    """Although the first part, all of winter, could be read."""
    monkeypatch.setattr(chunks, "CHUNK", 2000)
    monkeypatch.setattr(chunks, "BLOCK", 500)
    texts = [*worded([1], pst, count=9000)[1], *worded([7], pst, count=3)[1]]
    with pytest.raises(QuestionOpen, match="3 of 9,003 times lie in summer"):
        read(tmp_path, rows(texts))


def test_a_local_hour_that_is_skipped_or_repeated(tmp_path):
    """PST names the second of a doubled hour, and what the clocks skip is moved on."""
    texts = ["03/09/2025 02:30 PST", "11/02/2025 01:30 PST", "07/15/2025 10:00 PST"]
    got = read(tmp_path, rows(texts), mapping='zone_words = "local"')
    assert got.column("occurred_at") == [
        datetime(2025, 3, 9, 10, 30),
        datetime(2025, 11, 2, 9, 30),
        datetime(2025, 7, 15, 17),
    ]
