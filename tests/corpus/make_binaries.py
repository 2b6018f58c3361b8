"""Writes the binary files of the corpus; their truths were written by hand, not by this.

    python tests/corpus/make_binaries.py

The same bytes come out each time but for workbooks, whose packing may differ between versions.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).parent
HEADER = ["transaction_id", "occurred_at", "revenue", "status"]
MADE = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)
Cells = list[list[Any]]


def text(prefix: str, amounts: list[str]) -> str:
    """Return a small CSV file, a row per amount."""
    rows = [f"{prefix}-{n},2026-10-01 1{n}:00:00,{a},Sold\n" for n, a in enumerate(amounts, 1)]
    return ",".join(HEADER) + "\n" + "".join(rows)


def packed(name: str, members: dict[str, str]) -> None:
    """Write a ZIP archive."""
    with zipfile.ZipFile(HERE / name, "w") as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member, (2026, 11, 1, 0, 0, 0)), content)


def workbook(name: str, fill: Callable[[xlsxwriter.Workbook], None]) -> None:
    """Write a workbook that `fill` fills."""
    book = xlsxwriter.Workbook(str(HERE / name))
    book.set_properties({"created": MADE})
    fill(book)
    book.close()


def write(sheet: Any, rows: Cells, *, top: int = 0, formats: dict[int, Any] | None = None) -> None:
    """Write rows of a sheet; times need the format of their column."""
    for line, row in enumerate(rows, top):
        for place, value in enumerate(row):
            style = (formats or {}).get(place) if line > top else None
            if isinstance(value, datetime):
                sheet.write_datetime(line, place, value, style)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(line, place, value, style, "#N/A")
            elif value is not None:
                sheet.write(line, place, value, style)


def several_sheets(book: xlsxwriter.Workbook) -> None:
    """Two visible sheets of the same columns."""
    for name, prefix in (("October", "bn"), ("Corrections", "bo")):
        write(
            book.add_worksheet(name),
            [HEADER, [f"{prefix}-1", "2026-10-01 10:00:00", 1.5, "Sold"]],
        )


def hidden_sheet(book: xlsxwriter.Workbook) -> None:
    """A hidden sheet of old rows before the visible one."""
    old = book.add_worksheet("old")
    write(old, [HEADER, ["bp-0", "2025-10-01 10:00:00", 9.0, "Sold"]])
    shown = book.add_worksheet("Data")
    write(shown, [HEADER, ["bp-1", "2026-10-01 10:00:00", 1.0, "Sold"]])
    shown.activate()
    shown.set_first_sheet()
    old.hide()


def merged_cells(book: xlsxwriter.Workbook) -> None:
    """A title merged over all columns, and a buyer merged over the rows that are his."""
    sheet = book.add_worksheet("Report")
    sheet.merge_range(0, 0, 0, 3, "Settlement October")
    write(sheet, [["buyer", "transaction_id", "occurred_at", "revenue"]], top=1)
    for line, number in enumerate((1, 2, 3, 4, 5), 2):
        write(
            sheet, [[None, f"bq-{number}", f"2026-10-0{number} 10:00:00", number + 0.25]], top=line
        )
    sheet.merge_range(2, 0, 4, 0, "Acme")
    sheet.merge_range(5, 0, 6, 0, "Best")


def padded_ids(book: xlsxwriter.Workbook) -> None:
    """Ids are numbers that their format shows with leading zeros."""
    padded = book.add_format({"num_format": "00000000"})
    rows: Cells = [HEADER]
    rows += [[n, f"2026-10-01 1{i}:00:00", i + 0.5, "Sold"] for i, n in enumerate((7919, 88120, 3))]
    write(book.add_worksheet("Data"), rows, formats={0: padded})


def true_dates(book: xlsxwriter.Workbook) -> None:
    """Times are true dates, shown day first; a date alone, and a text among them."""
    day_first = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    rows: Cells = [
        HEADER,
        ["bs-1", datetime(2026, 10, 3, 14, 5, 59), 1.1, "Sold"],
        ["bs-2", datetime(2026, 3, 10), 2.2, "Sold"],
        ["bs-3", "2026-10-05 10:00:00", 3.3, "Sold"],
    ]
    write(book.add_worksheet("Data"), rows, formats={1: day_first})


def rounded_ids(book: xlsxwriter.Workbook) -> None:
    """Ids of 15, 16 and 18 digits as numbers: a sheet keeps 15."""
    rows: Cells = [HEADER]
    ids = (123456789012345, 1234567890123456, 123456789012345678, "1234567890123456")
    rows += [[n, f"2026-10-01 1{i}:00:00", i + 1, "Sold"] for i, n in enumerate(ids)]
    write(book.add_worksheet("Data"), rows)


def errors_in_cells(book: xlsxwriter.Workbook) -> None:
    """A formula gives #N/A; numbers that floats spell badly."""
    rows: Cells = [
        HEADER,
        ["bu-1", "2026-10-01 10:00:00", 0.1 + 0.2, "Sold"],
        ["bu-2", "2026-10-01 11:00:00", "=NA()", "Sold"],
        ["bu-3", "2026-10-01 12:00:00", 1234567.89, "Sold"],
    ]
    write(book.add_worksheet("Data"), rows)


def main() -> None:
    """Write all of them."""
    plain = text("bk", ["1.00", "2.00"])
    (HERE / "051-gzip.csv.gz").write_bytes(gzip.compress(plain.encode(), mtime=0))
    packed("052-zip-of-one.zip", {"export/march.csv": text("bl", ["1.00", "2.00"])})
    parts = {"a.csv": text("bm", ["1.00"]), "b.csv": text("bx", ["2.00"]), "readme.txt": "hello\n"}
    packed("053-zip-of-several.zip", parts)
    workbook("054-several-sheets.xlsx", several_sheets)
    workbook("055-hidden-sheet.xlsx", hidden_sheet)
    workbook("056-merged-cells.xlsx", merged_cells)
    workbook("057-padded-ids.xlsx", padded_ids)
    workbook("058-true-dates.xlsx", true_dates)
    workbook("059-rounded-ids.xlsx", rounded_ids)
    workbook("060-errors-in-cells.xlsx", errors_in_cells)


if __name__ == "__main__":
    main()
