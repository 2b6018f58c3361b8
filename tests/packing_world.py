"""A small month whose files hold what no buyer may see, and texts that would be more than text."""

from __future__ import annotations

import csv
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from cli_help import PERIOD, call, run_id, write

SOURCE, SUB, COST, SPEND, SENDER = "s77secret", "subsecret", "12.3457", "98.7653", "netsecret"
FORMULA, MARKUP, SCRIPT = "=1+1", "<r><t>x</t></r>", "<script>alert(1)</script>"
LINK = "https://example.com/x?a=b"

EVENTS = [
    ("t1", "acme", "2026-11-01T10:00:00Z", "40.00"),
    (FORMULA, "acme", "2026-11-02T10:00:00Z", "25.00"),
    (MARKUP, "acme", "2026-11-03T10:00:00Z", "1234567890123.4567"),
    (SCRIPT, "acme", "2026-11-04T10:00:00Z", "12.50"),
    (LINK, "acme", "2026-11-04T11:00:00Z", "7.25"),
    ("t5", "acme", "2026-11-05T10:00:00Z", "30.00"),
    ("t5", "acme", "2026-11-05T11:00:00Z", "30.00"),
    ("0077", "acme", "2026-11-30T23:30:00Z", "60.00"),
    ("t9", "bolt", "2026-11-09T10:00:00Z", "55.55"),
    ("boltonly", "bolt", "2026-11-09T10:00:00Z", "66.66"),
]
CLAIMS = [
    ("t1", "acme", "2026-11-01T10:00:00Z", "40.00"),
    ("t5", "acme", "2026-11-05T10:00:00Z", "28.00"),
    ("t9", "acme", "2026-11-09T10:00:00Z", "55.55"),
    ("-t7", "acme", "2026-11-07T10:00:00Z", "-3.50"),
    ("n/a", "acme", "2026-11-08T10:00:00Z", "1.00"),
    ("n/a", "acme", "2026-11-08T10:00:00Z", "2.00"),
]
MORE = [("0077", "acme", "2026-11-30T23:30:00Z", "61.00")]
THEIRS = [("boltonly", "bolt", "2026-11-09T10:00:00Z", "66.00")]


def load_world(folder: Path) -> str:
    """Import the month into the home that is set and reconcile it; return the run's id.

    The buyer's first report has another buyer in its name, the second has not.
    """
    event_head = "event_id,campaign_id,pid,currency,transaction_id,buyer,occurred_at,revenue"
    fixed = ["sale", "c1", SOURCE, "USD"]
    events = _csv(folder, f"events_bolt_{SOURCE}.csv", event_head, fixed, EVENTS)
    claim_head = "event_id,campaign_id,currency,status,transaction_id,buyer,occurred_at,revenue"
    said = ["sale", "c1", "USD", "approved"]
    files = [
        _csv(folder, name, claim_head, said, rows)
        for name, rows in (
            ("acme_and_bolt.csv", CLAIMS),
            ("acme late.csv", MORE),
            ("bolt_nov.csv", THEIRS),
        )
    ]
    lead_head = "transaction_id,campaign_id,pid,buyer,created_at,status,sub1,cost,ad_spend"
    leads = f"t1,c1,{SOURCE},acme,2026-11-01T09:00:00Z,sold,{SUB},{COST},{SPEND}\n"
    leads = write(folder, "leads.csv", f"{lead_head}\n{leads}")
    assert call("import", events, "--kind", "event").code == 0
    assert call("import", leads, "--kind", "lead").code == 0
    for path in files:
        ran = call("import", path, "--kind", "claim", "--sender", SENDER)
        assert ran.code == 0, ran
    return run_id(call("run", *PERIOD))


def _csv(folder: Path, name: str, head: str, fixed: list[str], rows: Any) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head.split(","))
        writer.writerows([*fixed, *row] for row in rows)
    return path


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file of a pack, those within its workbook one by one."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield f"{path.name}/{name}", packed.read(name).decode()
        yield path.name, path.read_bytes().decode("utf-8", "replace")


def found_in(folder: Path, words: Any) -> set[tuple[str, str]]:
    """Return word and file of each word that stands in any byte of a pack, case aside."""
    return {
        (word, name)
        for name, text in texts_of(folder)
        for word in words
        if word.casefold() in text.casefold()
    }


def sheets_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of each sheet of lines by the titles of its columns."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: list(_lines(sheet))
        for sheet in book
        if sheet.title not in ("Summary", "Sources")
    }


def _lines(sheet: Any) -> Iterator[dict[str, Any]]:
    rows = sheet.iter_rows(values_only=True)
    titles = next(row for row in rows if "Transaction id" in row)
    for row in rows:
        yield dict(zip(titles, row, strict=True))


def currency_of(form: str) -> str:
    """Return the currency that a number format shows."""
    return form.split('"')[1]


def sums_of(path: Path) -> dict[tuple[str, str], Decimal]:
    """Return what the differences of each sheet add up to, per currency, read cell by cell."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for sheet in openpyxl.load_workbook(path):
        place = None
        for row in sheet.iter_rows():
            titles = [cell.value for cell in row]
            if "Difference" in titles and "Transaction id" in titles:
                place = titles.index("Difference")
            elif place is not None and row[place].value is not None:
                amount, currency = _amount(row[place])
                sums[sheet.title, currency] += amount
    return dict(sums)


def _amount(cell: Any) -> tuple[Decimal, str]:
    if isinstance(cell.value, str):  # more digits than a spreadsheet holds
        digits, currency = cell.value.replace(",", "").split(" ")
        return Decimal(digits), currency
    return Decimal(str(cell.value)), currency_of(cell.number_format)
