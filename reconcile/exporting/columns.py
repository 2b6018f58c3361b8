"""The columns that may leave: what is not listed here is in no pack."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Cells = Mapping[str, Any]
"""One line by the names of its columns."""


class Form(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DAY = "day"
    TIME = "time"
    BLANK = "blank"


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its name, its title, how its cells are written and how wide.

    `currency` names the column that has the currency of an amount. A column that is not `always`
    there is left out where no row of a sheet has anything in it.
    """

    name: str
    title: str
    form: Form = Form.TEXT
    width: int = 14
    currency: str | None = None
    always: bool = True


PACK = (
    Column("finding", "Reference", width=17, always=False),
    Column("reason", "Reason", width=9, always=False),
    Column("transaction_id", "Transaction id", width=24),
    Column("event", "Event", Form.LONG, 11),
    Column("campaign", "Campaign", width=24),
    Column("day", "Day", Form.DAY, 10),
    Column("our_amount", "Our amount", Form.MONEY, 13, "our_currency", always=False),
    Column("your_amount", "Your amount", Form.MONEY, 13, "your_currency", always=False),
    Column("difference", "Difference", Form.MONEY, 13, "currency"),
    Column("your_status", "Your status", Form.LONG, 9, always=False),
    Column("our_time", "Our time", Form.TIME, 15, always=False),
    Column("your_time", "Your time", Form.TIME, 15, always=False),
    Column("our_record", "Our record", Form.LONG, 15, always=False),
    Column("your_record", "Your record", Form.LONG, 22, always=False),
    Column("why", "Why", Form.LONG, 30),
    Column("note", "Our note", Form.LONG, 24, always=False),
    Column("credited", "Credited", Form.MONEY, 12, "credited_currency", always=False),
    Column("asked", "Asked", width=6, always=False),
    Column("your_answer", "Your answer", Form.BLANK, 18, always=False),
    Column("your_credit", "You credit", Form.BLANK, 10, always=False),
)
"""The columns of a pack. No source, no sub id, no cost, no margin, and nothing of another buyer."""

CORRECTIONS = (
    Column("finding", "Finding", width=19),
    Column("class", "Class", width=17),
    Column("buyer", "Buyer", width=14),
    Column("source", "Source (pid)", width=12),
    Column("transaction_id", "Transaction id", width=26),
    Column("event", "Event", width=13),
    Column("campaign", "Campaign", width=25),
    Column("time_utc", "Time (UTC)", Form.TIME, 16),
    Column("amount", "Amount", Form.MONEY, 14, "currency"),
    Column("correction", "Correction", width=11),
    Column("right_amount", "Right amount", Form.MONEY, 14, "right_currency"),
    Column("change", "Change", Form.MONEY, 14, "change_currency"),
    Column("why", "Why", Form.LONG, 52),
    Column("event_record", "Event record", width=24),
    Column("other_record", "Other record", width=24),
    Column("state", "State", width=10),
)
"""The columns of the correction list, which stays in the house."""


def shown(columns: Iterable[Column], used: Collection[str]) -> tuple[Column, ...]:
    """Return the columns of a sheet: those that are always there, and of the others the used."""
    return tuple(column for column in columns if column.always or column.name in used)


def csv_header(columns: Sequence[Column]) -> list[str]:
    """Return the names of the columns in a CSV, where each amount has its currency beside it."""
    return [name for column in columns for name in _csv_names(column)]


def csv_cells(columns: Sequence[Column], row: Cells) -> list[object]:
    """Return the values of a line as `csv_header` names them."""
    return [row.get(name) for name in csv_header(columns)]


def _csv_names(column: Column) -> tuple[str, ...]:
    return (column.name,) if column.currency is None else (column.name, column.currency)
