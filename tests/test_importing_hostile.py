"""Files that general readers get wrong in silence: here each cell is right, asked or rejected."""

from __future__ import annotations

from decimal import Decimal

import pytest

from importing_help import read, read_path
from reconcile.errors import QuestionOpen

HEAD = "transaction_id,occurred_at,revenue\n"


def _rows(cells):
    return HEAD + "".join(f"t{number},{cell}\n" for number, cell in enumerate(cells))


@pytest.mark.parametrize(
    "cells",
    [
        [f"0{day}/0{day + 1}/2025,1.50" for day in range(1, 9)],
        [f"{day}/{day + 1}/25,1.50" for day in range(1, 9)],
        ["45931,1.50", "45932.5,1.50"],
        [f"2025-10-0{day},1.234" for day in range(1, 9)],
        [f'2025-10-0{day},"1,234"' for day in range(1, 9)],
        [f"2025-10-0{day} 10:00,1.50" for day in range(1, 9)],
    ],
    ids=["month or day", "short", "serials", "thousand", "comma", "no zone"],
)
def test_what_can_be_read_in_two_ways_is_asked(tmp_path, cells):
    """Not one value of it is loaded."""
    with pytest.raises(QuestionOpen, match="mapping"):
        read(tmp_path, _rows(cells), zone=None if "10:00" in cells[0] else "UTC")


def test_one_late_value_decides_the_order_of_a_column(tmp_path):
    """It is looked for among all values, and holds for all."""
    got = read(tmp_path, _rows([*["01/02/2025,1.50"] * 100, "01/13/2025,1.50"]))
    assert {str(time)[:7] for time in got.column("occurred_at")} == {"2025-01"}


def test_unquoted_thousands_lose_no_row(tmp_path):
    """A reader that skips long lines loses exactly the largest amounts; what was mended is told."""
    got = read(tmp_path, _rows(["2025-10-01,999.50", "2025-10-01,1,234.50", "2025-10-02,7.25"]))
    assert got.column("revenue") == [Decimal("999.5"), Decimal("1234.5"), Decimal("7.25")]
    assert [(repair.line_no, repair.raw) for repair in got.staged.notes.repairs] == [
        (3, "t1,2025-10-01,1,234.50")
    ]
    assert got.staged.line_classes == {"data": 2, "header": 1, "long": 1}


def test_a_second_table_below_is_asked_and_not_mixed_in(tmp_path):
    """Its lines are counted apart, whatever their width."""
    text = _rows(["2025-10-01,1.50"]) + "\nbuyer,leads\nAcme,40\n"
    with pytest.raises(QuestionOpen, match="second_table=apart") as caught:
        read(tmp_path, text)
    assert [question.key for question in caught.value.questions] == ["second_table"]
    got = read(tmp_path, text, mapping='second_table = "apart"')
    assert (got.staged.rows, got.rejects) == (1, [])
    assert got.staged.line_classes == {"blank": 1, "data": 1, "header": 1, "second_table": 2}


def test_two_date_orders_in_one_file_are_kept_apart(tmp_path):
    """The stated form is that of the time; another column of dates stays text."""
    text = "transaction_id,status,conversion_date,paid_on\nt1,ok,03/04/2025,04/03/2025\n"
    got = read(tmp_path, text, mapping='date_format = "%m/%d/%Y"', canonical_headers=True)
    assert str(got.column("occurred_at")[0]) == "2025-03-04 00:00:00"
    assert got.column("extra") == ['{"paid_on":"04/03/2025"}']


@pytest.mark.parametrize(
    "name", ["a[1].csv", "a*.csv", "a?.csv", "{a}.csv", "kind=event.csv", "a.csv.gz"]
)
def test_a_name_is_never_a_pattern(tmp_path, name):
    """Neither brackets nor an ending change what is read."""
    (tmp_path / "a1.csv").write_text(_rows(["2025-10-01,99"]))
    path = tmp_path / "x=1" / name
    path.parent.mkdir()
    path.write_text(_rows(["2025-10-01,1.50"]))
    assert read_path(path, zone="UTC").column("revenue") == [Decimal("1.5")]
