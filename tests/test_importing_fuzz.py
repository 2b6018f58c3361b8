"""A table is written through a random dirtying and read back: right, rejected or asked."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importing_help import read
from reconcile.errors import QuestionOpen

MOST = 60

CLOCKS = {"": "", "minutes": " %H:%M", "seconds": " %H:%M:%S", "twelve": " %I:%M %p"}

DATES = {
    "iso": "%Y-%m-%d",
    "dmy": "%d/%m/%Y",
    "dots": "%d.%m.%Y",
    "mdy": "%m/%d/%Y",
    "short": "%m/%d/%y",
    "slashes": "%Y/%m/%d",
    "named": "%d %b %Y",
    "american": "%B %d, %Y",
    "digits": "%Y%m%d",
}

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")

BAD_TIMES = ("99/99/2025", "31/02/2025", "2025-02-30", "soon", "2025-1", "03/2025", "12:30")

BAD_AMOUNTS = ("12.5%", "tbd", "1,2,3", "1.2.3", "12.34567", "1e3", "--5", "(5", "12 USDX", "#REF!")

BAD_IDS = ("1.23457E+15", "4E+17", "1,23E+11")


@dataclass(frozen=True)
class Dirt:
    """How a table is written."""

    delimiter: str
    encoding: str
    titles: int
    date: str
    clock: str
    money: str
    total: bool
    damage: dict[int, tuple[str, str]]
    """Row to the column that is damaged and the text in its place."""


def bracketed(amount: Decimal) -> str:
    return f"({-amount:,.2f})" if amount < 0 else f"{amount:,.2f}"


MONEY = {
    "plain": lambda amount: f"{amount:.2f}",
    "thousands": lambda amount: f"{amount:,.2f}",
    "dollars": lambda amount: f"${amount:,.2f}".replace("$-", "-$"),
    "brackets": bracketed,
    "trailing": lambda amount: f"{-amount:.2f}-" if amount < 0 else f"{amount:.2f}",
    "code": lambda amount: f"USD {amount:,.2f}",
    "blank": lambda amount: f"{amount:,.2f}".replace(",", "\u00a0"),
    "apostrophe": lambda amount: f"{amount:,.2f}".replace(",", "'"),
    "comma": lambda amount: f"{amount:.2f}".replace(".", ","),
    "european": lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
    "euros": lambda amount: f"{amount:,.2f} €".translate(str.maketrans(",.", ".,")),
    "whole": lambda amount: f"{amount:.0f}",
}

CURRENCY = {"code": "USD", "euros": "EUR"}

damages = st.one_of(
    st.tuples(st.just("occurred_at"), st.sampled_from(BAD_TIMES)),
    st.tuples(st.just("revenue"), st.sampled_from(BAD_AMOUNTS)),
    st.tuples(st.just("transaction_id"), st.sampled_from(BAD_IDS)),
)

dirts = st.builds(
    Dirt,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(ENCODINGS),
    titles=st.integers(0, 3),
    date=st.sampled_from(list(DATES)),
    clock=st.sampled_from(list(CLOCKS)),
    money=st.sampled_from(list(MONEY)),
    total=st.booleans(),
    damage=st.dictionaries(st.integers(0, MOST - 1), damages, max_size=4),
)

tables = st.lists(
    st.tuples(
        st.datetimes(datetime(2025, 1, 1), datetime(2026, 10, 31)),
        st.integers(-500_000, 9_999_999).map(lambda cents: Decimal(cents) / 100),
    ),
    min_size=20,
    max_size=MOST,
)


def form_of(dirt: Dirt) -> str:
    """Return the strptime form of the times; digits alone have no clock."""
    return DATES[dirt.date] + ("" if dirt.date == "digits" else CLOCKS[dirt.clock])


def written(table, dirt: Dirt) -> tuple[bytes, dict[int, tuple]]:
    """Return the bytes of a table, and by line what a row of it says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=dirt.delimiter, lineterminator="\r\n")
    titles = ["Conversions of Acme", "all campaigns", ""][: dirt.titles]
    for title in titles:
        out.write(f"{title}\r\n")
    writer.writerow(["transaction_id", "occurred_at", "revenue", "status"])
    truth = {}
    form = form_of(dirt)
    for number, (moment, amount) in enumerate(table):
        cells = {
            "transaction_id": f"lead-{number:05}",
            "occurred_at": moment.strftime(form),
            "revenue": MONEY[dirt.money](amount),
        }
        if number in dirt.damage:
            column, text = dirt.damage[number]
            cells[column] = text
        writer.writerow([*cells.values(), "sold"])
        exact = Decimal(f"{amount:.0f}") if dirt.money == "whole" else amount
        truth[len(titles) + 2 + number] = (
            cells["transaction_id"],
            datetime.strptime(moment.strftime(form), form),  # noqa: DTZ007 - a local time
            exact,
            CURRENCY.get(dirt.money),
        )
    if dirt.total:
        writer.writerow(["Total", "", MONEY[dirt.money](sum(a for _, a in table)), ""])
    return out.getvalue().encode(dirt.encoding), truth


def is_told(table, dirt: Dirt) -> bool:
    """Say whether the good cells themselves decide the order of dates and the decimal mark."""
    good = [moment for n, (moment, _) in enumerate(table) if n not in dirt.damage]
    deciding = sum(moment.day > 12 for moment in good)
    years = {moment.year for moment in good}
    is_short = dirt.date == "short" and len({m.day for m in good}) < 10
    return deciding >= 3 and bool(years) and not is_short


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables, dirts)
def test_a_dirty_table_is_read_right_rejected_or_asked(tmp_path_factory, table, dirt):
    """Every loaded row is true, every damaged one rejected by name; what is told is not asked."""
    content, truth = written(table, dirt)
    damaged = {min(truth) + n: d for n, d in dirt.damage.items() if n < len(table)}
    folder = tmp_path_factory.mktemp("fuzz")
    got = None
    with suppress(QuestionOpen):
        got = read(folder, content)
    if got is None:
        assert not is_told(table, dirt)
        return
    for row in got.rows:
        wanted = truth[row["line_no"]]
        assert (
            row["transaction_id"],
            row["occurred_at"],
            row["revenue"],
            row["currency"],
        ) == wanted
        assert row["line_no"] not in damaged
    rejected = {line: column for line, column, *_ in got.rejects}
    assert {line: column for line, (column, _) in damaged.items()}.items() <= rejected.items()
    good = len(truth) - len(damaged)
    assert len(got.rows) >= 0.9 * good
