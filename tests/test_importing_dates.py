"""One form for all times of a column: told by all its values, else asked; never by each value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from importing_help import read
from reconcile.errors import QuestionOpen
from reconcile.importing.opening import chunks
from test_importing_chunks import small_chunks

HEAD = "transaction_id,occurred_at,revenue\n"


def lines(cells: list[str]) -> str:
    """Return a file of these times."""
    return HEAD + "".join(f't{number},"{cell}",1.50\n' for number, cell in enumerate(cells))


def times(tmp_path, cells, **options):
    """Return the times that are read, as ISO texts without seconds."""
    got = read(tmp_path, lines(cells), **options)
    return [time.isoformat(" ", "minutes") for time in got.column("occurred_at")], got.rejects


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["03/04/2025", "13/04/2025"], ["2025-04-03 00:00", "2025-04-13 00:00"]),
        (["03/04/2025", "04/13/2025"], ["2025-03-04 00:00", "2025-04-13 00:00"]),
        (["3.4.2025 9:05", "30.4.2025 19:05"], ["2025-04-03 09:05", "2025-04-30 19:05"]),
        (["2025/04/03", "2025/4/13 10:00"], ["2025-04-03 00:00", "2025-04-13 10:00"]),
        (["3/4/25", "28/11/25"], ["2025-04-03 00:00", "2025-11-28 00:00"]),
        (["25/04/03", "25/11/28"], ["2025-04-03 00:00", "2025-11-28 00:00"]),
        (["03/14/2025 12:05 AM", "4/3/2025, 1:30 PM"], ["2025-03-14 00:05", "2025-04-03 13:30"]),
        (["4 Mar 2025", "Tue, 11 March 2025 10:00"], ["2025-03-04 00:00", "2025-03-11 10:00"]),
        (["Mar 4, 2025 1:30 PM", "December 31, 2025"], ["2025-03-04 13:30", "2025-12-31 00:00"]),
        (["04-Mar-25", "31-Dec-25"], ["2025-03-04 00:00", "2025-12-31 00:00"]),
        (["20250304", "20251231235900"], ["2025-03-04 00:00", "2025-12-31 23:59"]),
        (["1760000000", "1760000060"], ["2025-10-09 08:53", "2025-10-09 08:54"]),
        (["1760000000000", "1760000060000"], ["2025-10-09 08:53", "2025-10-09 08:54"]),
        (["03/03/2025", "04/04/2025"], ["2025-03-03 00:00", "2025-04-04 00:00"]),
    ],
)  # fmt: skip
def test_a_form_that_the_values_prove_is_read(tmp_path, cells, wanted):
    """Day first, month first, year first, two-digit years, names, twelve hours, unix."""
    assert times(tmp_path, cells) == (wanted, [])


@pytest.mark.parametrize(
    "cells",
    [
        ["03/04/2025", "05/06/2025"],
        ["10/11/12"],
        ["03/04/2025", "03/05/2025", "13/04/2025", "04/13/2025"],
    ],
)
def test_two_orders_that_fit_are_asked_with_the_evidence_of_both(tmp_path, cells):
    """An answer is obeyed; the question names how many values fit, and what range they have."""
    with pytest.raises(QuestionOpen) as caught:
        times(tmp_path, cells)
    [question] = caught.value.questions
    assert question.key == "date_format"
    assert len(question.evidence) == len(question.choices) == 2
    read_, _ = times(tmp_path, cells, mapping='date_format = "mdy"')
    assert len(read_) >= 1


def test_an_order_is_decided_by_the_last_line_of_a_long_file(tmp_path, monkeypatch):
    """What the first part leaves open, the whole file tells before a row is typed."""
    cells = [f"{1 + n % 12:02}/{1 + n % 11:02}/2025" for n in range(132)]
    small_chunks(monkeypatch, 500)
    got, rejects = times(tmp_path, [*cells, "02/25/2025"])
    assert (got[0], got[1], len(got), rejects) == ("2025-01-01 00:00", "2025-02-02 00:00", 133, [])
    got, _ = times(tmp_path, [*cells, "25/02/2025"])
    assert got[11] == "2025-01-12 00:00"
    with pytest.raises(QuestionOpen, match="two orders"):
        times(tmp_path, cells)
    assert chunks.CHUNK == 500


def test_a_value_that_breaks_the_order_is_rejected(tmp_path):
    """Of 41 dates one is the other way round; another mark, too, is not the column's."""
    cells = [f"03/{day:02}/2025" for day in range(1, 32)] + ["05/20/2025"] * 10
    got, rejects = times(tmp_path, [*cells, "20/05/2025", "03-04-2025", "02/30/2025"])
    assert len(got) == 41
    assert [value for _, _, value, _ in rejects] == ["20/05/2025", "03-04-2025", "02/30/2025"]
    assert "breaks the order" in rejects[0][3]
    assert "another mark" in rejects[1][3]


def test_cells_that_name_their_zone_need_no_other(tmp_path):
    """Codes are fixed offsets; one without a zone, or with an unknown one, is rejected."""
    cells = [
        "03/14/2025 10:00 PST",
        "07/14/2025 10:00 PDT",
        "07/14/2025 10:00 -08:00",
        "07/14/2025 10:00 Z",
        "07/14/2025 10:00",
        "07/14/2025 10:00 XXT",
    ]
    got, rejects = times(tmp_path, cells, zone=None)
    assert [time[-5:] for time in got] == ["18:00", "17:00", "18:00", "10:00"]
    assert [value for _, _, value, _ in rejects] == cells[-2:]


def serial(moment: datetime) -> str:
    """Return a time as a spreadsheet that shows eleven digits writes it."""
    days = (moment - datetime.fromisoformat("1899-12-30T00:00:00")) / timedelta(days=1)
    return f"{days:.5f}".rstrip("0").rstrip(".")


def test_excel_serials_alone_are_read_if_no_other_epoch_fits(tmp_path):
    """To the second; serials of long ago may count from 1904, and are asked."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    moments = [now - timedelta(days=40, seconds=77 * n) for n in range(30)]
    got = read(tmp_path, lines([serial(moment) for moment in moments]))
    assert got.column("occurred_at") == moments
    with pytest.raises(QuestionOpen, match="excel"):
        times(tmp_path, ["40000", "40001"])
    assert times(tmp_path, ["40000"], mapping='date_format = "excel"')[0] == ["2009-07-06 00:00"]


def test_serials_beside_texts_are_read_within_their_range_alone(tmp_path):
    """Outside of it, or where a spreadsheet has turned day and month, they are rejected."""
    texts = ["03/20/2025", "03/02/2025", "04/28/2025"]
    assert times(tmp_path, [*texts, "45748"]) == (
        ["2025-03-20 00:00", "2025-03-02 00:00", "2025-04-28 00:00", "2025-04-01 00:00"],
        [],
    )
    _, rejects = times(tmp_path, [*texts, "45948"])
    assert [value for _, _, value, _ in rejects] == ["45948"]
    turned = ["13/04/2025", "25/04/2025", "30/06/2025"]
    _, rejects = times(tmp_path, [*turned, "45778"])
    assert [value for _, _, value, _ in rejects] == ["45778"]


def test_dates_that_a_spreadsheet_has_turned_are_asked(tmp_path):
    """ISO dates on days up to 12 alone beside texts beyond: the ISO ones are probably wrong."""
    with pytest.raises(QuestionOpen, match="turned day and month"):
        times(tmp_path, ["2025-03-04", "2025-05-06", "2025-07-08", "13/04/2025", "25/04/2025"])


@pytest.mark.parametrize(
    "cell", ["03/04/2025 24:00", "03/04/2025 13:30 PM", "03/04/2025 10:3", "3/4/202", "03/04/2025x"]
)
def test_a_damaged_time_is_rejected(tmp_path, cell):
    """Nothing of it is read."""
    got, rejects = times(tmp_path, ["03/14/2025", "03/15/2025", cell])
    assert len(got) == 2
    assert [value for _, _, value, _ in rejects] == [cell]


def test_an_order_that_turns_in_the_middle_of_a_long_file_is_asked(tmp_path, monkeypatch):
    """The first part proves one order, the last another: nothing of the file is read."""
    small_chunks(monkeypatch, 500)
    first = [f"{1 + n % 12:02}/{1 + n % 28:02}/2025" for n in range(84)]
    with pytest.raises(QuestionOpen, match="break the order"):
        times(tmp_path, [*first, *(f"{1 + n % 28:02}/{1 + n % 12:02}/2025" for n in range(84))])
    assert len(times(tmp_path, [*first, "28/02/2025"])[0]) == 84
