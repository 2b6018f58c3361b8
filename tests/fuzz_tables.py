"""Tables with a known truth, written through a random dirtying: any kind, any form of file."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any

from reconcile.importing import Question
from reconcile.terms import Kind

CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", "T%H:%M:%S", " %H:%M:%S.%f")

DATES = {
    "iso": ("%Y-%m-%d", "iso"),
    "dmy": ("%d/%m/%Y", "dmy"),
    "dots": ("%d.%m.%Y", "dmy"),
    "dashes": ("%d-%m-%Y", "dmy"),
    "mdy": ("%m/%d/%Y", "mdy"),
    "short": ("%m/%d/%y", "mdy"),
    "dotted": ("%d.%m.%y", "dmy"),
    "slashes": ("%Y/%m/%d", "ymd"),
    "named": ("%d %b %Y", "named"),
    "american": ("%B %d, %Y", "named"),
    "hyphens": ("%d-%b-%y", "named"),
    "digits": ("%Y%m%d", "digits"),
    "unix": ("", "unix"),
    "unix_ms": ("", "unix_ms"),
    "excel": ("", "excel"),
    "true": ("", "iso"),
}
"""How times are written, and the answer that says so; `true` are dates of a workbook or Parquet."""

SPANS = {"year": 365, "month": 30, "week": 6, "low": 11}
"""Days that the rows lie in, from the first of a month; `low` days are also months."""

ZONES = {"": 0, "Z": 0, " UTC": 0, "-08:00": -8, "+02:00": 2, " PST": -8, " EST": -5}
"""What stands behind a time, and its hours east of UTC."""

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")

BAD = {
    "occurred_at": (
        *("99/99/2025", "31/02/2025", "2025-02-30", "soon", "2025-1", "03/2025", "12:30"),
        *("2025-13-01", "20251301", "32 Jan 2025", "5/5", "1e9", "2025-01-01 25:00"),
    ),
    "revenue": (
        *("12.5%", "tbd", "1,2,3", "1.2.3", "12.34567", "1e3", "--5", "(5", "12 USDX", "#REF!"),
        *("5)", "1 2", "12,34,567.00", "$", "5 5.00", "1/2", "0x10", "∞", "1_000"),
    ),
    "transaction_id": ("1.23457E+15", "4E+17", "1,23E+11"),
}
"""Cells that can be nothing of their column, whatever its form is."""

UNKNOWN = ("", "N/A", "-", "NULL", "--")

TEXTS = (
    *("plain", "semi;colon", "com,ma", 'quo"te', "bar|red", "tab\tbed", "it's", "=1+1", "Total"),
    *("two\nlines", "1,234.50", "03/04/2025", "100", "a # b", "x" * 300, "", "(none)", "äöü", "£5"),
)

HEADERS = {
    "transaction_id": ("transaction_id", "Transaction ID", "TRANSACTION_ID"),
    "occurred_at": ("occurred_at", "Conversion Date", "Occurred At"),
    "revenue": ("revenue", "Revenue", "Amount"),
    "event_id": ("event_id", "Event ID"),
    "status": ("status", "Status"),
    "campaign_id": ("campaign_id", "Campaign ID"),
    "buyer": ("buyer", "Buyer"),
    "pid": ("pid",),
    "currency": ("currency", "Currency"),
    "notes": ("Notes", "Remarks by hand"),
}

COLUMNS = {
    Kind.CLAIM: ("transaction_id", "occurred_at", "revenue", "status"),
    Kind.EVENT: ("transaction_id", "occurred_at", "revenue", "event_id", "pid"),
    Kind.LEAD: ("transaction_id", "occurred_at", "revenue", "campaign_id", "pid", "status"),
}
MORE = {
    Kind.CLAIM: ("event_id", "campaign_id", "buyer", "currency", "notes"),
    Kind.EVENT: ("campaign_id", "buyer", "currency", "notes"),
    Kind.LEAD: ("buyer", "currency", "notes"),
}


def turned(text: str) -> str:
    """Swap point and comma."""
    return text.translate(str.maketrans(",.", ".,"))


def brackets(amount: Decimal) -> str:
    """Write a negative amount in brackets."""
    return f"({-amount:,.2f})" if amount < 0 else f"{amount:,.2f}"


MONEY: dict[str, tuple[Callable[[Decimal], str], str, str | None]] = {
    "plain": (lambda a: f"{a:.2f}", ".", None),
    "thousands": (lambda a: f"{a:,.2f}", ".", None),
    "dollars": (lambda a: f"${a:,.2f}".replace("$-", "-$"), ".", None),
    "brackets": (brackets, ".", None),
    "trailing": (lambda a: f"{-a:.2f}-" if a < 0 else f"{a:.2f}", ".", None),
    "code": (lambda a: f"USD {a:,.2f}", ".", "USD"),
    "behind": (lambda a: f"{a:.2f} GBP", ".", "GBP"),
    "blank": (lambda a: f"{a:,.2f}".replace(",", "\u00a0"), ".", None),
    "apostrophe": (lambda a: f"{a:,.2f}".replace(",", "'"), ".", None),
    "comma": (lambda a: turned(f"{a:.2f}"), ",", None),
    "european": (lambda a: turned(f"{a:,.2f}"), ",", None),
    "euros": (lambda a: turned(f"{a:,.2f} €"), ",", "EUR"),
    "french": (lambda a: turned(f"{a:,.2f}").replace(".", "\u00a0"), ",", None),
    "whole": (lambda a: f"{a:.0f}", ".", None),
    "sparse": (lambda a: f"{a.normalize():f}", ".", None),
    "sparse_comma": (lambda a: turned(f"{a.normalize():f}"), ",", None),
    "number": (lambda a: f"{a:.2f}", ".", None),
}
"""How amounts are written, with the decimal mark and the currency; `number` is one of a sheet."""

IDS: dict[str, Callable[[int, Random], str]] = {
    "words": lambda n, _: f"lead-{n:05}",
    "uuid": lambda n, r: f"{r.getrandbits(32):08x}-{n:04x}-4abc-9def-{r.getrandbits(48):012x}",
    "upper": lambda n, r: f"{r.getrandbits(32):08X}-{n:04X}-4ABC-9DEF-{r.getrandbits(48):012X}",
    "numbers": lambda n, _: str(1_000_001 + n),
    "zeros": lambda n, _: f"{n + 17:08}",
    "long": lambda n, r: f"{r.randrange(10**17, 10**18)}{n:04}",
    "exponents": lambda n, _: f"{n + 1}E{n % 7 + 1}",
    "short": lambda n, _: str(n + 1),
    "hex": lambda n, r: f"{r.getrandbits(40):010x}{n:06x}",
}


@dataclass(frozen=True)
class Dirt:
    """How a table is written; the first value of each is the plainest."""

    kind: Kind = Kind.CLAIM
    form: str = "csv"
    rows: int = 20
    seed: int = 0
    span: str = "year"
    delimiter: str = ","
    encoding: str = "utf-8"
    ending: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL
    packed: bool = False
    says_separator: bool = False
    trailing: bool = False
    titles: int = 0
    date: str = "iso"
    clock: str = " %H:%M:%S"
    zone: str = ""
    money: str = "plain"
    ids: str = "words"
    more: int = 0
    """Columns beside the needed ones."""
    shuffled: bool = False
    repeated: bool = False
    """The header stands there again, and blank lines part the rows."""
    total: str = ""
    footer: str = ""
    unknown: bool = False
    """Some amounts are unknown."""
    damage: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Row to the column that is damaged, and which of `BAD` is in its place."""
    ragged: str = ""
    """A line that is `short`, `long` or cut off at the end of the file."""

    @cached_property
    def random(self) -> Random:
        """Return what decides of the file as a whole."""
        return Random(self.seed)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the columns in their order."""
        random = Random(self.seed)
        found = [*COLUMNS[self.kind], *random.sample(MORE[self.kind], min(self.more, 3))]
        if self.shuffled:
            random.shuffle(found)
        return tuple(found)

    @cached_property
    def headers(self) -> list[str]:
        """Return their headers."""
        random = Random(self.seed)
        time = ("created_at", "Created At") if self.kind is Kind.LEAD else HEADERS["occurred_at"]
        words = HEADERS | {"occurred_at": time}
        return [random.choice(words[name]) for name in self.columns]

    @property
    def is_text(self) -> bool:
        """Say whether it is a text with cells."""
        return self.form == "csv"

    @property
    def has_clock(self) -> bool:
        """Say whether times have hours."""
        return self.date in ("unix", "unix_ms", "excel", "true") or bool(self.clock_form)

    @property
    def clock_form(self) -> str:
        """Return the strptime form of the clock; digits alone have none."""
        return "" if self.date == "digits" else self.clock

    def is_typed(self, column: str) -> bool:
        """Say whether a column of a Parquet file has a type that no damage goes into."""
        return {
            "occurred_at": self.date == "true",
            "revenue": self.money == "number",
            "transaction_id": self.ids == "numbers",
        }[column]

    @property
    def is_zoned(self) -> bool:
        """Say whether the times name their zone."""
        return bool(self.zone and self.clock_form and DATES[self.date][0])


Row = dict[str, Any]


@dataclass
class Written:
    """A file, and what every line of it is."""

    content: bytes
    truth: dict[int, Row]
    """Line to what its row says."""
    damaged: dict[int, str | None]
    """Line that must be rejected, and the column by which; None where no column tells."""
    shown: list[str]
    """The times as they are written, of the good rows."""
    total: Decimal | None


def time_text(moment: datetime, dirt: Dirt) -> tuple[str, datetime]:
    """Return a moment as it is written, and the moment in UTC that this text says."""
    if dirt.date == "unix":
        exact = moment.replace(microsecond=0)
        return str(int(exact.replace(tzinfo=UTC).timestamp())), exact
    if dirt.date == "unix_ms":
        exact = moment.replace(microsecond=0)
        return str(int(exact.replace(tzinfo=UTC).timestamp()) * 1000), exact
    if dirt.date == "excel":
        exact = moment.replace(second=0, microsecond=0)
        days = Decimal((exact - datetime(1899, 12, 30)) // timedelta(minutes=1)) / 1440
        return f"{days:.10f}".rstrip("0").rstrip("."), exact
    form = DATES[dirt.date][0] + dirt.clock_form
    exact = datetime.strptime(moment.strftime(form), form)  # noqa: DTZ007 - a local time
    text = moment.strftime(form)
    if dirt.clock_form.endswith("%f"):
        text = text[:-3]
        exact = exact.replace(microsecond=exact.microsecond // 1000 * 1000)
    if dirt.is_zoned:
        own = timezone(timedelta(hours=ZONES[dirt.zone]))
        exact = exact.replace(tzinfo=own).astimezone(UTC).replace(tzinfo=None)
        text += dirt.zone
    return text, exact


def rows_of(dirt: Dirt) -> Iterator[tuple[Row, Row, str | None]]:
    """Yield each row as it is written, as it is meant, and the column that is damaged."""
    write, _, coin = MONEY[dirt.money]
    first = datetime(2025, 1 + Random(dirt.seed).randrange(9), 1)
    for number in range(dirt.rows):
        random = Random(f"{dirt.seed} {number}")
        moment = first + timedelta(seconds=random.randrange(SPANS[dirt.span] * 86_400))
        moment = moment.replace(microsecond=random.randrange(1000) * 1000)
        amount = Decimal(random.choice((random.randint(-500_000, -1), 0, *[1] * 8)))
        amount = (
            Decimal(random.randint(1, random.choice((9_999, 9_999_999)))) if amount == 1 else amount
        )
        amount /= 100
        if dirt.money == "whole":
            amount = amount.quantize(Decimal(1))
        text, exact = (
            (moment.isoformat(" "), moment.replace(microsecond=0))
            if dirt.date == "true"
            else time_text(moment, dirt)
        )
        told = {
            "transaction_id": IDS[dirt.ids](number, random),
            "occurred_at": exact,
            "revenue": amount,
            "event_id": random.choice(("sale", "quote", "7", "call_30s")),
            "status": random.choice(("sold", "Approved", "returned", "pending")),
            "campaign_id": random.choice(("solar-roof", "c1", "42", "007")),
            "buyer": random.choice(("acme", "Umbra Ltd", "Total", "Best & Co")),
            "pid": random.choice(("google", "s77", "12")),
            "currency": coin or "USD",
            "notes": random.choice(TEXTS),
        }
        cells = {**told, "occurred_at": text, "revenue": write(amount)}
        if dirt.unknown and random.random() < 0.1:
            cells["revenue"], told["revenue"] = random.choice(UNKNOWN), None
        column = None
        if number in dirt.damage:
            column, which = dirt.damage[number]
            cells[column] = BAD[column][which % len(BAD[column])]
        if "currency" not in dirt.columns:
            told["currency"] = coin if told["revenue"] is not None else None
        yield cells, told, column


CHOICES: dict[str, Sequence[Any]] = {
    "kind": list(Kind),
    "form": ("csv", "csv", "csv", "csv", "xlsx", "jsonl", "parquet"),
    "rows": range(20, 61),
    "span": list(SPANS),
    "delimiter": (",", ";", "\t", "|"),
    "encoding": ENCODINGS,
    "ending": ("\n", "\r\n", "\r"),
    "quoting": (csv.QUOTE_MINIMAL, csv.QUOTE_ALL),
    "packed": (False, True),
    "says_separator": (False, False, True),
    "trailing": (False, False, True),
    "titles": range(4),
    "date": list(DATES),
    "clock": CLOCKS,
    "zone": ["", "", "", *ZONES],
    "money": list(MONEY),
    "ids": list(IDS),
    "more": range(4),
    "shuffled": (False, True),
    "repeated": (False, False, True),
    "total": ("", "Total", "Total!", "Grand Total!", "Summe"),
    "footer": ("", "", "Generated by Acme on 2026-01-01", "* gross amounts"),
    "unknown": (False, True),
    "ragged": ("", "", "short", "long", "cut"),
}
"""What each part of a dirt may be, with its weight."""


def dirt_of(seed: int) -> Dirt:
    """Return one way to write a table; another seed gives another."""
    random = Random(seed)
    told: dict[str, Any] = {name: random.choice(values) for name, values in CHOICES.items()}
    damage = {
        random.randrange(told["rows"]): (random.choice(sorted(BAD)), random.randrange(20))
        for _ in range(random.choice((0, 0, 1, 3)))
    }
    return fitting(Dirt(**told, seed=seed, damage=damage))


def fitting(dirt: Dirt) -> Dirt:
    """Return the dirt without what its form of file cannot have, or what would be two damages."""
    if dirt.form != "csv":
        encoding = dirt.encoding if dirt.form == "jsonl" and dirt.encoding == "utf-16" else "utf-8"
        dirt = replace(dirt, says_separator=False, trailing=False, ragged="", encoding=encoding)
    if dirt.form in ("jsonl", "parquet"):
        dirt = replace(dirt, titles=0, total="", footer="")
    if dirt.ragged == "cut":
        dirt = replace(dirt, total="", footer="")
    if dirt.money == "number" and dirt.form == "csv":
        dirt = replace(dirt, money="plain")
    dirt = _timely(dirt)
    damage = {n: d for n, d in dirt.damage.items() if n < dirt.rows}
    if dirt.form == "parquet":
        damage = {n: d for n, d in damage.items() if not dirt.is_typed(d[0])}
    return replace(dirt, damage=damage)


def _timely(dirt: Dirt) -> Dirt:
    """Return the dirt with times as somebody writes them."""
    if dirt.date == "true" and dirt.form not in ("xlsx", "parquet"):
        dirt = replace(dirt, date="iso")
    if dirt.zone in ("Z", "-08:00", "+02:00") and dirt.date != "iso":
        dirt = replace(dirt, zone=" UTC")
    if dirt.date != "iso" and dirt.clock in ("T%H:%M:%S", " %H:%M:%S.%f"):
        dirt = replace(dirt, clock=" %H:%M:%S")
    if dirt.date == "iso" and dirt.zone and ":%S" not in dirt.clock:
        dirt = replace(dirt, clock="T%H:%M:%S")
    return dirt


def written(dirt: Dirt) -> Written:
    """Return the file of a table, with its truth."""
    return {"csv": _text, "xlsx": _sheet, "jsonl": _objects, "parquet": _parquet}[dirt.form](dirt)


def header_line(dirt: Dirt) -> int:
    """Return the line of the header."""
    return 1 + dirt.says_separator + dirt.titles


class _Lines:
    """The truth while lines are written."""

    def __init__(self, dirt: Dirt) -> None:
        self.dirt = dirt
        self.done = Written(b"", {}, {}, [], None)
        self.amounts: list[Decimal] = []

    def note(self, line: int, cells: Row, told: Row, column: str | None) -> None:
        """Note what a line is."""
        if column is not None:
            self.done.damaged[line] = column
            return
        self.done.truth[line] = {
            n: v for n, v in told.items() if n in (*self.dirt.columns, "currency")
        }
        self.done.shown.append(str(cells["occurred_at"]))
        self.amounts += [told["revenue"]] if told["revenue"] is not None else []

    def total_cells(self, write: Callable[[Decimal], Any]) -> list[Any]:
        """Return the cells of a line with the total."""
        amount = sum(self.amounts, Decimal(0))
        self.done.total = amount
        cells: list[Any] = [""] * len(self.dirt.columns)
        cells[self.dirt.columns.index("revenue")] = write(amount)
        texts = [
            n for n, name in enumerate(self.dirt.columns) if name not in ("revenue", "occurred_at")
        ]
        place = self.dirt.columns.index("transaction_id")
        cells[place if self.dirt.total.endswith("!") else texts[0]] = self.dirt.total.rstrip("!")
        return cells


TITLES = ("Conversions of Acme", "all campaigns", "")


def _text(dirt: Dirt) -> Written:
    noted = _Lines(dirt)
    out = io.StringIO(newline="")
    line = 1

    def put(cells: list[Any]) -> None:
        nonlocal line
        own = io.StringIO(newline="")
        csv.writer(own, delimiter=dirt.delimiter, quoting=dirt.quoting).writerow(cells)
        text = own.getvalue().removesuffix("\r\n")
        line += 1 + text.count("\n")
        out.write(text + (dirt.delimiter if dirt.trailing else "") + dirt.ending)

    out.write(f"sep={dirt.delimiter}{dirt.ending}" if dirt.says_separator else "")
    out.write("".join(f"{title}{dirt.ending}" for title in TITLES[: dirt.titles]))
    line = header_line(dirt)
    put(dirt.headers)
    for number, (cells, told, column) in enumerate(rows_of(dirt)):
        if dirt.repeated and number % 7 == 6:
            out.write(dirt.ending)
            line += 1
            if number % 2:
                put(dirt.headers)
        noted.note(line, cells, told, column)
        put([cells[name] for name in dirt.columns])
    if dirt.ragged in ("short", "long"):
        noted.done.damaged[line] = None
        put(["lead-99999", "2025"] if dirt.ragged == "short" else ["x-1"] * (len(dirt.columns) + 2))
    if dirt.total:
        put(noted.total_cells(MONEY[dirt.money][0]))
    if dirt.footer:
        out.write(dirt.footer + dirt.ending)
        line += 1
    if dirt.ragged == "cut":
        noted.done.damaged[line] = None
        out.write(f"lead-99998{dirt.delimiter}20")
    content = out.getvalue().encode(dirt.encoding, errors="replace")
    noted.done.content = gzip.compress(content) if dirt.packed else content
    return noted.done


def _sheet(dirt: Dirt) -> Written:
    from openpyxl import Workbook

    noted = _Lines(dirt)
    book = Workbook()
    sheet = book.active
    sheet.title = "Data"
    if dirt.packed:
        hidden = book.create_sheet("Old")
        hidden.append(["transaction_id", "revenue"])
        hidden.sheet_state = "hidden"

    for line, title in enumerate(TITLES[: dirt.titles], start=1):
        _put(sheet, line, [title])
    line = header_line(dirt)
    _put(sheet, line, dirt.headers)
    for number, (cells, told, column) in enumerate(rows_of(dirt)):
        line += 1 + (dirt.repeated and number % 7 == 6)
        noted.note(line, cells, told, column)
        values = _values(dirt, cells, told, column)
        _put(sheet, line, [values[name] for name in dirt.columns])
        if dirt.ids == "zeros":
            place = dirt.columns.index("transaction_id") + 1
            sheet.cell(line, place).number_format = "00000000"
    if dirt.total:
        line += 1
        _put(
            sheet,
            line,
            noted.total_cells(float if dirt.money == "number" else MONEY[dirt.money][0]),
        )
    if dirt.footer:
        _put(sheet, line + 1, [dirt.footer])
    out = io.BytesIO()
    book.save(out)
    noted.done.content = out.getvalue()
    return noted.done


def _values(dirt: Dirt, cells: Row, told: Row, column: str | None) -> Row:
    """Return the cells of a sheet: numbers and dates, but for the damaged one."""
    values = dict(cells)
    if dirt.money == "number" and column != "revenue" and told["revenue"] is not None:
        values["revenue"] = float(told["revenue"])
    if dirt.date == "true" and column != "occurred_at":
        values["occurred_at"] = told["occurred_at"]
    if dirt.ids in ("numbers", "zeros", "short") and column != "transaction_id":
        values["transaction_id"] = int(cells["transaction_id"])
    return values


def _put(sheet: Any, line: int, values: Sequence[Any]) -> None:
    for place, value in enumerate(values, start=1):
        cell = sheet.cell(line, place)
        cell.value = value if value != "" else None
        if isinstance(value, str) and value.startswith("="):
            cell.data_type = "s"


def _objects(dirt: Dirt) -> Written:
    noted = _Lines(dirt)
    lines = []
    names = dict(zip(dirt.columns, dirt.headers, strict=True))
    for number, (cells, told, column) in enumerate(rows_of(dirt)):
        if dirt.repeated and number % 7 == 6:
            lines.append("")
        noted.note(len(lines) + 1, cells, told, column)
        spelled = {name: json.dumps(str(cells[name]), ensure_ascii=False) for name in dirt.columns}
        if dirt.money == "number" and column != "revenue" and told["revenue"] is not None:
            spelled["revenue"] = cells["revenue"]
        if dirt.ids == "numbers" and column != "transaction_id":
            spelled["transaction_id"] = cells["transaction_id"]
        members = (f"{json.dumps(names[name])}: {text}" for name, text in spelled.items())
        lines.append("{" + ", ".join(members) + "}")
    content = "".join(f"{line}\n" for line in lines).encode(dirt.encoding)
    noted.done.content = gzip.compress(content) if dirt.packed else content
    return noted.done


def _parquet(dirt: Dirt) -> Written:
    import pyarrow as pa
    import pyarrow.parquet as pq

    noted = _Lines(dirt)
    rows = list(rows_of(dirt))
    for line, (cells, told, column) in enumerate(rows, start=1):
        noted.note(line, cells, told, column)
    columns = {name: pa.array([str(cells[name]) for cells, *_ in rows]) for name in dirt.columns}
    if dirt.money == "number":
        amounts = [told["revenue"] for _, told, _ in rows]
        columns["revenue"] = pa.array(amounts, pa.decimal128(18, 4))
    if dirt.date == "true":
        columns["occurred_at"] = pa.array(
            [told["occurred_at"] for _, told, _ in rows], pa.timestamp("us")
        )
    if dirt.ids == "numbers":
        columns["transaction_id"] = pa.array([int(cells["transaction_id"]) for cells, *_ in rows])
    out = io.BytesIO()
    pq.write_table(pa.table(list(columns.values()), names=dirt.headers), out)
    noted.done.content = out.getvalue()
    return noted.done


def answer_to(question: Question, dirt: Dirt) -> str | None:
    """Return what somebody who knows the truth answers; None where he must not be asked."""
    names = dict(zip(dirt.columns, dirt.headers, strict=True))
    for key, value in question.answers:
        head, _, name = key.partition(".")
        if (
            head == "columns"
            and names.get("occurred_at" if name == "created_at" else name) == value
        ):
            return f"{key}={value}"
    trusted = [value for key, value in question.answers if key == "trust"]
    if trusted:
        return f"trust={trusted[0]}"
    words = {
        "date_format": DATES[dirt.date][1],
        "decimal": MONEY[dirt.money][1],
        "units": "whole",
        "zone_words": "fixed",
        "header": str(header_line(dirt)),
        "header_rows": "1",
    }
    head = question.key.partition(".")[0]
    return f"{question.key}={words[head]}" if head in words else None


def is_told(dirt: Dirt, done: Written) -> bool:
    """Say whether the good cells themselves decide the order of dates and the decimal mark."""
    if dirt.is_zoned and dirt.zone in (" PST", " EST"):
        return False
    form = DATES[dirt.date][0]
    moments = [row["occurred_at"] for row in done.truth.values()]
    if form and DATES[dirt.date][1] in ("dmy", "mdy"):
        deciding = sum(moment.day > 13 for moment in moments)
        is_short = "%y" in form and len({moment.day for moment in moments}) < 10
        return deciding * 10 >= len(moments) and deciding >= 3 and not is_short
    return DATES[dirt.date][1] in ("iso", "ymd", "named", "unix", "unix_ms")
