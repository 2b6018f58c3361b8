"""What a plan came to, as a table that outlives the ledger, with the head of the chain."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile.errors import FiringError
from reconcile.firing.ledger import Ledger
from reconcile.firing.plan import money_of
from reconcile.firing.states import PostbackState
from reconcile.guarding import guarded_cells, sheet_text
from reconcile.state import Row

COLUMNS = (
    "no", "campaign_id", "event_id", "transaction_id", "pid", "buyer", "revenue", "currency",
    "occurred_at", "mode", "state", "reason", "tries", "sent_at", "http_status", "answered_at",
    "finding_ref", "claim_file", "claim_line", "path", "body",
)  # fmt: skip
# Characters of a sheet's columns, where sixteen are too few or too many.
WIDTHS = {
    "no": 7, "campaign_id": 26, "event_id": 26, "transaction_id": 26, "revenue": 11, "currency": 9,
    "occurred_at": 20, "mode": 9, "tries": 6, "sent_at": 27, "http_status": 11, "answered_at": 27,
    "finding_ref": 38, "claim_file": 32, "claim_line": 10, "path": 44, "body": 80,
}  # fmt: skip

Lines = Iterable[Mapping[str, object]]

# A sheet has 1,048,576 lines, and one is the header; what is beyond would be dropped unseen.
_MOST_LINES = 1_048_575


def write_receipt(ledger: Ledger, plan: int, path: Path) -> str:
    """Write what a plan came to as `.csv` or `.xlsx`; return the head of the audit in it.

    The first lines say plan, hash, who approved it and when, the number and revenue of each state
    and the head of the chain: whoever keeps them can prove later what the ledger held. No answer's
    text and no other field of a lead is in it, and no text becomes a formula.

    Raises:
        FiringError: The file is neither of the two, cannot be written, or cannot hold the plan;
            nothing was written.
        NotFound: There is no such plan.
    """
    write = {".csv": _write_csv, ".xlsx": _write_xlsx}.get(path.suffix.lower())
    if write is None:
        raise FiringError(f"{path}: a receipt is a .csv or an .xlsx file. Name one.")
    if write is _write_xlsx and ledger.plan_row(plan)["rows"] > _MOST_LINES:
        raise FiringError(
            f"{path}: a sheet holds {_MOST_LINES:,} lines, and plan {plan} has "
            f"{ledger.plan_row(plan)['rows']:,}. Write a .csv instead."
        )
    head = ledger.audit_head()
    top = list(_top(ledger, plan, head))
    rows = map(_row, ledger.each("receipt", plan=plan))
    aside = path.with_name(f".{path.name[:100]}.writing")
    try:
        write(aside, top, rows)
        aside.replace(path)
    except OSError as error:
        raise FiringError(
            f"{path}: cannot be written ({error.strerror or error}). Name another file."
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return head


def _top(ledger: Ledger, plan: int, head: str) -> Iterator[tuple[str, str]]:
    row = ledger.plan_row(plan)
    yield "plan", str(row["id"])
    for name in ("host", "hash", "phrase", "made_at", "made_by", "approved_at", "approved_by"):
        yield name, row[name] or ""
    for state, count in ledger.counts(plan).items():
        yield str(state), str(count)
    for part in ledger.query("state_sum", plan=plan):
        yield f"{part['state']} {part['currency']}".rstrip() + " revenue", _money(part["e4"])
    yield "times", "UTC"
    yield "ledger", str(ledger.path)
    yield "audit_head", head
    yield "written_at", ledger.now()


def _money(e4: int) -> str:
    return f"{money_of(e4):,.2f}" if e4 % 100 == 0 else f"{money_of(e4):,}"


def _row(row: Row) -> dict[str, object]:
    e4 = row["revenue_e4"]
    found: dict[str, object] = {name: row[name] for name in COLUMNS if name != "revenue"}
    found["revenue"] = None if e4 is None else money_of(e4)
    found["state"] = PostbackState(row["state"]).label
    found["body"] = row["body"].decode()
    return found


def _write_csv(path: Path, top: list[tuple[str, str]], rows: Lines) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows(guarded_cells(pair) for pair in top)
        writer.writerow([])
        writer.writerow(COLUMNS)
        writer.writerows(guarded_cells(row[name] for name in COLUMNS) for row in rows)


def _write_xlsx(path: Path, top: list[tuple[str, str]], rows: Lines) -> None:
    import xlsxwriter

    path.touch()  # where that cannot be, nothing is begun
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # Lines go to a file of their own first, which must not stay behind where the disk is full.
    with tempfile.TemporaryDirectory(prefix=".receipt-", dir=path.parent) as aside:
        options = plain | {"constant_memory": True, "tmpdir": aside}
        try:
            with xlsxwriter.Workbook(path, options) as book:
                _write_sheets(book, top, rows)
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(str(error)) from error


def _write_sheets(book: Any, top: list[tuple[str, str]], rows: Lines) -> None:
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Receipt")
    for at, (name, value) in enumerate(top):
        sheet.write_string(at, 0, name, bold)
        sheet.write_string(at, 1, value)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 68)  # as wide as a hash
    table = book.add_worksheet("Postbacks")
    table.write_row(0, 0, COLUMNS, bold)
    table.freeze_panes(1, 0)
    table.set_column(0, len(COLUMNS) - 1, 16)
    for name, width in WIDTHS.items():
        table.set_column(COLUMNS.index(name), COLUMNS.index(name), width)
    money = book.add_format({"num_format": "#,##0.00##"})
    for at, row in enumerate(rows, 1):
        _write_line(table, at, row, money)


def _write_line(table: Any, at: int, row: Mapping[str, object], money: Any) -> None:
    for column, name in enumerate(COLUMNS):
        value = row[name]
        # Fifteen digits are what a cell can hold; a longer amount stays exact as a text.
        if isinstance(value, Decimal | int) and len(str(value)) <= 15:
            table.write_number(at, column, value, money if isinstance(value, Decimal) else None)
        elif value is not None:
            table.write_string(at, column, sheet_text(str(value)))
