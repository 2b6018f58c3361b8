"""XLSX: typed cells become the text the sheet shows, and what it rounded is refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from importing_help import read_path
from reconcile.errors import BadFile, BadMapping, QuestionOpen
from reconcile.importing import Mapping

HEAD = ["transaction_id", "occurred_at", "revenue", "status"]


def _book(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def test_cells_become_text_without_loss(tmp_path):
    """Whole numbers up to 15 digits are exact; times are times; 0.1 + 0.2 is 0.3."""
    when = datetime.fromisoformat("2025-10-01T10:20:30")
    path = tmp_path / "report.xlsx"
    _book(
        path,
        October=[
            ["Report"],
            HEAD,
            [123456789012345, when, 0.1 + 0.2, "ok"],
            ["00042", "2025-10-02", 12, "ok"],
            [None, None, None, None],
            [1234567890123456789, when, 1.5, "ok"],
            ["t5", when, "x", "ok"],
        ],
    )
    got = read_path(path, zone="UTC")
    assert got.column("transaction_id") == ["123456789012345", "00042"]
    assert got.column("revenue") == [Decimal("0.3"), Decimal(12)]
    assert got.rows[0]["occurred_at"] == when
    assert [(line, column) for line, column, _, _ in got.rejects] == [
        (6, "transaction_id"),
        (7, "revenue"),
    ]
    assert "rounded by Excel" in got.rejects[0][3]
    assert got.staged.line_classes == {"blank": 1, "data": 4, "header": 1, "title": 1}
    assert (got.staged.sheet, got.staged.encoding, got.staged.delimiter) == (
        "October",
        "xlsx",
        None,
    )


def test_true_dates_pass_beside_a_stated_form(tmp_path):
    """A column of dates and texts arrives as either, cell by cell."""
    path = tmp_path / "report.xlsx"
    when = datetime.fromisoformat("2025-10-01")
    _book(path, A=[HEAD, ["t1", when, 1, "ok"], ["t2", "02/10/2025", 1, "ok"]])
    got = read_path(path, zone="UTC", mapping=Mapping(date_format="%d/%m/%Y"))
    assert [time.day for time in got.column("occurred_at")] == [1, 2]


def test_several_sheets_are_asked_and_a_hidden_one_is_not_counted(tmp_path):
    """The mapping names the sheet; one that is not there is told."""
    path = tmp_path / "report.xlsx"
    book = _book(path, A=[HEAD, ["t1", None, 1, "ok"]], B=[HEAD])
    with pytest.raises(QuestionOpen, match="sheet=A") as caught:
        read_path(path, zone="UTC")
    assert [question.key for question in caught.value.questions] == ["sheet"]
    assert read_path(path, zone="UTC", mapping=Mapping(sheet="B")).staged.rows == 0
    with pytest.raises(BadMapping, match="no sheet 'C'; it has A, B"):
        read_path(path, zone="UTC", mapping=Mapping(sheet="C"))
    book["B"].sheet_state = "hidden"
    book.save(path)
    assert read_path(path, zone="UTC").staged.sheet == "A"


def test_other_binary_files_are_named(tmp_path):
    """Whatever their name says."""
    for head, what in (
        (b"\xd0\xcf\x11\xe0", "cannot be read"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "damaged"),
    ):
        path = tmp_path / "x.csv"
        path.write_bytes(head + b"rest")
        with pytest.raises(BadFile, match=what):
            read_path(path)


def test_empty_sheets_are_not_asked_about_and_the_one_with_a_header_is_suggested(tmp_path):
    """As Excel adds them to each new workbook."""
    path = tmp_path / "report.xlsx"
    _book(path, Sheet1=[], A=[HEAD, ["t1", None, 1, "ok"]], Sheet3=[])
    assert read_path(path, zone="UTC").staged.sheet == "A"
    _book(path, Cover=[["Report of October"]], A=[HEAD, ["t1", None, 1, "ok"]])
    with pytest.raises(QuestionOpen) as caught:
        read_path(path, zone="UTC")
    assert caught.value.questions[0].suggestion == "A"


def test_errors_and_formulas_without_a_value_are_never_empty_cells(tmp_path):
    """A reader gives nothing for either; the row is rejected with what the sheet shows."""
    path = tmp_path / "report.xlsx"
    book = _book(
        path,
        A=[
            [*HEAD, "note"],
            ["t1", "2025-10-01", "#N/A", "ok", None],
            ["t2", "2025-10-01", "=1+1", "ok", None],
            ["#REF!", "2025-10-01", 3, "ok", None],
            ["t4", "2025-10-01", 4, "ok", "#DIV/0!"],
            ["t5", "2025-10-01", None, "ok", "=A1"],
        ],
    )
    for place in ("C2", "A4", "E5"):
        book["A"][place].data_type = "e"
    book.save(path)
    got = read_path(path, zone="UTC")
    assert [reject[:3] for reject in got.rejects] == [
        (2, "revenue", "#N/A"),
        (3, "revenue", "=1+1"),
        (4, "transaction_id", "#REF!"),
    ]
    assert got.column("transaction_id") == ["t4", "t5"]
    assert "#DIV/0!" in got.rows[0]["extra"]
    assert got.staged.line_classes == {"data": 5, "header": 1}


def test_ids_are_read_as_the_sheet_pads_them(tmp_path):
    """00000042 is no 42; a format that cannot be followed is refused, amounts keep their value."""
    path = tmp_path / "report.xlsx"
    formats = {2: "00000000", 3: '"L-"0000', 4: "000-0000", 5: "0000??", 6: "General"}
    rows = [[number, "2025-10-01", 7, "ok"] for number in (42, 43, 5551234, 44, 45)]
    book = _book(path, A=[HEAD, *rows])
    for line, form in formats.items():
        book["A"].cell(line, 1).number_format = form
        book["A"].cell(line, 3).number_format = "0000"
    book.save(path)
    got = read_path(path, zone="UTC")
    assert got.column("transaction_id") == ["00000042", "L-0043", "555-1234", "45"]
    assert set(got.column("revenue")) == {Decimal(7)}
    assert [(reject[0], reject[1]) for reject in got.rejects] == [(5, "transaction_id")]


def test_merged_cells_hold_for_all_their_rows_but_amounts_for_none(tmp_path):
    """An amount over two rows would be counted twice; a merged title is one line."""
    path = tmp_path / "report.xlsx"
    when = "2025-10-01"
    book = _book(
        path,
        A=[
            ["Report of October", None, None, None],
            HEAD,
            ["t1", when, 5, "ok"],
            ["t2", None, 6, None],
            ["t3", when, 7, "ok"],
            ["t4", when, None, "ok"],
            ["Total", None, 18, None],
        ],
    )
    for merged in ("A1:D1", "B3:B4", "D3:D4", "C5:C6", "A7:B7"):
        book["A"].merge_cells(merged)
    book.save(path)
    got = read_path(path, zone="UTC")
    assert [(row["transaction_id"], row["status"]) for row in got.rows] == [
        ("t1", "ok"),
        ("t2", "ok"),
    ]
    assert len(set(got.column("occurred_at"))) == 1
    assert [reject[:3] for reject in got.rejects] == [
        (5, "revenue", "7 (merged over rows 5 to 6)"),
        (6, "revenue", "7 (merged over rows 5 to 6)"),
    ]
    assert got.staged.line_classes == {"data": 4, "header": 1, "title": 1, "total": 1}


def test_an_id_that_became_a_date_is_refused_by_name(tmp_path):
    """3-4 is 4 March to Excel, and the id is gone."""
    path = tmp_path / "report.xlsx"
    when = datetime.fromisoformat("2025-03-04")
    _book(path, A=[HEAD, [when, "2025-10-01", 1, "ok"], ["t2", "2025-10-01", 1, "ok"]])
    got = read_path(path, zone="UTC")
    assert got.column("transaction_id") == ["t2"]
    assert "made a date" in got.rejects[0][3]


@pytest.mark.parametrize("form", ["0%", "0.00%", '0.0 "x" %'])
def test_a_share_in_percent_is_no_amount(tmp_path, form):
    """12.5% is kept as 0.125, which would pass for an amount; in other columns it is shown."""
    path = tmp_path / "report.xlsx"
    rows = [["t1", "2025-10-01", 0.125, "ok", 0.5], ["t2", "2025-10-01", 1.5, "ok", 0.25]]
    book = _book(path, A=[[*HEAD, "share"], *rows])
    book["A"]["C2"].number_format = form
    book["A"]["E3"].number_format = form
    book.save(path)
    got = read_path(path, zone="UTC")
    assert [reject[:3] for reject in got.rejects] == [(2, "revenue", "12.5%")]
    assert '"25%"' in got.rows[0]["extra"]
