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
    with pytest.raises(QuestionOpen, match=r'A, B.*sheet = "A"'):
        read_path(path, zone="UTC")
    assert read_path(path, zone="UTC", mapping=Mapping(sheet="B")).staged.rows == 0
    with pytest.raises(BadMapping, match="no sheet 'C'; it has A, B"):
        read_path(path, zone="UTC", mapping=Mapping(sheet="C"))
    book["B"].sheet_state = "hidden"
    book.save(path)
    assert read_path(path, zone="UTC").staged.sheet == "A"


def test_other_binary_files_are_named(tmp_path):
    """Whatever their name says."""
    for head, what in (
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "damaged"),
    ):
        path = tmp_path / "x.csv"
        path.write_bytes(head + b"rest")
        with pytest.raises(BadFile, match=what):
            read_path(path)
