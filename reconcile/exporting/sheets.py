"""The workbook of a dispute pack: a summary, a sheet per class, and what it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.exporting.columns import PACK, Cells, Column, Form, shown
from reconcile.exporting.facts import Facts, Line
from reconcile.exporting.wording import question_of
from reconcile.exporting.workbook import INK, LINE, LINE_HEIGHT, Book, Table, lines_of, new_book
from reconcile.showing import money
from reconcile.terms import RowClass

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Lines = Callable[[RowClass], Iterable[Cells]]
"""Returns the lines of a class, read anew each time."""

_HASH_WIDTH = 35
_ANSWERS = ("asked", "your_answer", "your_credit")
_WIDTHS = (34, 8)
_AMOUNT, _TEXT, _WHERE = 15, 50, 26

HOW_TO_READ = """
An event is a conversion as we recorded it; a claim is your word on it, one row of your report.
Read the bridge from top to bottom: what we recorded, plus every line, is what you acknowledge, to \
the last digit. There is one for each currency, and no line for a rest.
A difference above zero is more in your report than in ours, one below zero is less. A pair adds \
its difference, a row without a counterpart its whole amount.
Rows that agree are not listed; they are in both totals. Each other row stands on one sheet, that \
of its class, and the differences of a sheet add up to its lines of the bridge.
""".strip().splitlines()
"""How a pack is read, for somebody who has never seen one."""


def columns_of(facts: Facts, row_class: RowClass, used: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of the lines of a class: those that have something to say."""
    kept = set(used)
    if not facts.with_notes:
        kept.discard("note")
    if question_of(row_class) is not None:
        kept |= {*_ANSWERS}
    columns = shown(PACK, kept)
    if facts.salt_mark is None:
        return columns
    wide = {"transaction_id": _HASH_WIDTH}
    return tuple(replace(one, width=wide.get(one.name, one.width)) for one in columns)


def write_workbook(
    path: Path, facts: Facts, columns: Mapping[RowClass, Sequence[Column]], lines: Lines
) -> None:
    """Write the workbook of a pack.

    Args:
        path: The file.
        facts: What the pack adds up to.
        columns: The columns of each class whose lines are in the workbook; all other classes have
            a file of their own.
        lines: The lines of a class.
    """
    title = f"Dispute pack: {facts.buyer}"
    foot = f"{title}, {facts.date_from} to {facts.date_to}"
    with new_book(path, title=title, foot=foot, made_at=facts.made_at) as book:
        _Summary(book, facts, columns).write()
        for row_class in facts.classes:
            if row_class in columns:
                table = Table(row_class.label, lead_of(facts, row_class), columns[row_class])
                book.write_table(table, lines(row_class))
        _write_sources(book, facts)


def lead_of(facts: Facts, row_class: RowClass) -> list[tuple[str, str]]:
    """Return what stands above the lines of a class: its name, meaning, question and sums."""
    asked = next((one for one in facts.questions if one.row_class is row_class), None)
    rows = facts.rows_of(row_class)
    sums = [
        f"{money(amount, sign=True)} {code or ''}".strip()
        for code, amount in sorted(facts.sums_of(row_class).items(), key=str)
    ]
    told = f"{rows:,} row{'' if rows == 1 else 's'}; together {', '.join(sums)}. Times and days: "
    lead = [("title", row_class.label), ("text", facts.meaning(row_class))]
    if asked is not None:
        lead.append(("text", f"What we ask: {asked.text}"))
    return [*lead, ("soft", f"{told}{facts.zone}.")]


def csv_name(row_class: str) -> str:
    """Return the name of the file that has the lines of a class which no sheet can hold."""
    return f"rows_{row_class}.csv"


class _Summary:
    """The first sheet, written from top to bottom."""

    def __init__(self, book: Book, facts: Facts, sheets: Iterable[RowClass]) -> None:
        self.book, self.facts, self.sheets = book, facts, set(sheets)
        self.sheet: Worksheet = book.sheet("Summary")
        self.row = 0
        self.last = len(_WIDTHS) + len(facts.currencies)

    def write(self) -> None:
        """Write it."""
        amounts = [_AMOUNT] * len(self.facts.currencies)
        for place, width in enumerate((*_WIDTHS, *amounts, _TEXT, _WHERE)):
            self.sheet.set_column(place, place, width)
        facts = self.facts
        self._lead("title", f"Dispute pack: {facts.buyer}")
        self._lead("text", period_text(facts))
        self._lead(
            "soft",
            f"Run {facts.run}, rules {facts.rule_version}; made {facts.made_at:%Y-%m-%d %H:%M} "
            f"UTC; pack {facts.pack}",
        )
        self._totals()
        self._questions()
        self._bridge()
        self._notes()

    def _totals(self) -> None:
        self._section("Totals")
        self._header()
        for line in (self.facts.events, self.facts.claims, self.facts.difference):
            self._line(line, bold=line.label == "Difference", zero=True)

    def _questions(self) -> None:
        self._section("What we ask of you")
        if not self.facts.questions:
            self._lead("text", "Nothing.")
            return
        self._header("What we ask", "Where", rows="Findings")
        for one in self.facts.questions:
            line = Line(one.row_class.label, one.at_stake, one.findings, one.row_class)
            self._line(line, one.text, self._where(one.row_class))

    def _bridge(self) -> None:
        self._section("Bridge from our events to your claims")
        self._header("What it means", "Where", rows="Rows")
        self._line(self.facts.events, "", "", bold=True, zero=True)
        told: set[RowClass] = set()
        for line in self.facts.buckets:
            known = line.row_class
            text = "" if known is None or known in told else self.facts.meaning(known)
            told |= set() if known is None else {known}
            where = self._where(known) if known is not None and line.rows else ""
            self._line(line, text, where)
        self._line(self.facts.claims, "", "", bold=True, zero=True)

    def _notes(self) -> None:
        self._section("How to read this")
        for text in notes_of(self.facts, self.sheets):
            self._lead("text", text)

    def _where(self, row_class: RowClass) -> str:
        return f"sheet {row_class.label}" if row_class in self.sheets else csv_name(row_class)

    def _lead(self, style: str, text: str) -> None:
        self.book.write_lead(self.sheet, self.row, style, text)
        self.row += 1

    def _section(self, text: str) -> None:
        self.row += 1
        self._lead("section", text)

    def _header(self, *texts: str, rows: str = "") -> None:
        codes = [code or "no currency" for code in self.facts.currencies]
        columns = [Column("", ""), Column("", rows, Form.MONEY)]
        columns += [Column("", code, Form.MONEY) for code in codes]
        columns += [Column("", text) for text in texts]
        self.book.write_header(self.sheet, self.row, columns)
        self.row += 1

    def _line(self, line: Line, *texts: str, bold: bool = False, zero: bool = False) -> None:
        looks: dict[str, object] = {"bottom": 1, "bottom_color": INK if bold else LINE}
        looks |= {"bold": True, "top": 1, "top_color": INK} if bold else {}
        write, style = self.sheet, self.book.style
        height = max((lines_of(text, _TEXT) for text in texts), default=1)
        if height > 1:
            write.set_row(self.row, height * LINE_HEIGHT)
        write.write_string(self.row, 0, line.label, style(**looks))
        if line.rows is None:
            write.write_blank(self.row, 1, None, style(**looks))
        else:
            counted = style(**looks, num_format="#,##0", align="right", indent=1)
            write.write_number(self.row, 1, line.rows, counted)
        for place, code in enumerate(self.facts.currencies, len(_WIDTHS)):
            amount = line.amounts.get(code, Decimal(0) if zero else None)
            self.book.write_amount(self.sheet, (self.row, place), amount, looks=looks)
        for place, text in enumerate(texts, self.last):
            self.book.write_text(write, (self.row, place), text, **looks, text_wrap=True)
        self.row += 1


def period_text(facts: Facts) -> str:
    """Say of which days a pack is."""
    return (
        f"Period: {facts.date_from:%Y-%m-%d} to {facts.date_to:%Y-%m-%d}, both included; days and "
        f"times of {facts.zone}"
    )


def notes_of(facts: Facts, sheets: Iterable[RowClass]) -> list[str]:
    """Return the sentences by which a pack is read."""
    notes = list(HOW_TO_READ)
    away = [one for one in facts.classes if one not in set(sheets)]
    notes += [
        f"{one.label}: its {facts.rows_of(one):,} rows are in {csv_name(one)}: more than "
        f"the {facts.sheet_rows:,} of a sheet."
        for one in away
    ]
    if facts.questions:
        notes.append(
            "Please write your answer and what you credit into the shaded columns, and send the "
            "workbook back. Where Asked says no, nothing is asked of you."
        )
    if facts.salt_mark is not None:
        notes.append(
            "Transaction ids are hashed: the first 32 hexadecimal digits of HMAC-SHA-256, the key "
            "being the salt that you were given by another way (as bytes of its hexadecimal "
            f"digits; mark {facts.salt_mark}), of the id without white space, in lower case if it "
            "is of hexadecimal digits and dashes only."
        )
    notes.append(
        "Our files are called by kind and number; on the sheet Sources stands the sha256 of each. "
        "manifest.json has that of every file of this pack: `reconcile verify-pack` checks them."
    )
    return notes


def _write_sources(book: Book, facts: Facts) -> None:
    sources = (
        Column("label", "File", width=34),
        Column("kind", "What it is", width=16),
        Column("sha256", "SHA-256 of its bytes", width=70),
    )
    lead = [
        ("title", "Sources and parameters"),
        ("text", "The files that this pack was made of, and what the run was asked."),
        *(("soft", f"{label}: {value}") for label, value in facts.parameters),
    ]
    kinds = {"claim": "your report", "event": "our events", "lead": "our leads"}
    rows = (
        {"label": one.label, "kind": kinds[one.kind], "sha256": one.sha256} for one in facts.inputs
    )
    book.write_table(Table("Sources", lead, sources), rows)
