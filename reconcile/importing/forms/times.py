"""Which form the times of a column have: one for all its values, told by all of them, or asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from reconcile.importing.questions import Choice, Question

FORM_WORDS = {
    "iso": "YYYY-MM-DD HH:MM:SS",
    "dmy": "day first",
    "mdy": "month first",
    "ymd": "year first",
    "named": "with the name of the month",
    "digits": "YYYYMMDD",
    "excel": "days since 1899-12-30, as Excel counts them",
    "unix": "seconds since 1970",
    "unix_ms": "milliseconds since 1970",
}
"""Words that state the form of a column of times, beside strptime forms."""

ORDERS = ("dmy", "mdy", "ymd")

MIXED = 20
"""An order is broken by a few damaged values, where it is fewer than one in so many that tell."""

_SPAN = 5
"""Years that the times of one report may span, where two-digit years leave the order open."""

_SLACK = timedelta(days=31)
"""By so much more time may the order spread the dates that one of them tells."""

_MANY = 1000
"""One date among so many is no proof if the other order puts these closer together."""

_FULL_SECOND = 5
"""Decimals that a serial needs to tell a second."""

_EPOCHS = timedelta(days=1462)
"""By so much a workbook that counts from 1904 lies later."""

Row = dict[str, Any]


@dataclass(frozen=True)
class TimeForm:
    """How the times of a column are written."""

    form: str
    mark: str = ""
    """What parts the numbers; blank for any mark. Of a `stated` form, the form itself."""
    zoned: bool = False
    """Every value names its zone."""
    serials: bool = False
    """Serials or true dates of a workbook stand beside the texts."""
    places: bool = False
    """Words such as PST mean what the clocks of their places show, in summer, too."""
    said: tuple[str, ...] = ()
    """What tells it, for people."""


class TimeColumn:
    """The evidence of one column of times: one row for each mark, of `time_evidence`."""

    def __init__(self, header: str, rows: Sequence[Row], today: date) -> None:
        """Take the evidence; `today` tells what lies in the future."""
        self.header = header
        self.rows = rows
        self.today = datetime.combine(today, datetime.min.time())
        self.timed = self._sum("timed")
        self.main: Row = max(rows, key=lambda row: row["numeric"], default={})

    def decided(self) -> TimeForm | Question:
        """Return the form that the values prove, else what is to be asked."""
        counts = {name: self._sum(name) for name in ("iso_local", "iso_utc", "numeric", "named")}
        counts |= {name: self._sum(name) for name in ("digits", "unix", "unix_ms", "excel")}
        family = max(counts, key=lambda name: counts[name])
        if self.timed and counts[family] * 2 < self.timed:
            if self._sum("iso_shaped") * 2 < self.timed:
                return self._unknown()
            family = "iso_utc" if counts["iso_utc"] > counts["iso_local"] else "iso_local"
        if family == "numeric":
            return self._with_zones(self._ordered(), counts["numeric"])
        if family in ("iso_local", "named", "digits"):
            return self._with_zones(self._with_serials(TimeForm(family)), counts[family])
        if family in ("unix", "unix_ms"):
            return self._seconds(family)
        return self._serials_alone() if family == "excel" else TimeForm(family)

    def _sum(self, name: str) -> int:
        return sum(row[name] for row in self.rows)

    def _range(self, name: str) -> tuple[datetime, datetime]:
        """Return the first and the last time under one reading."""
        low = [row[f"{name}_from"] for row in self.rows if row[f"{name}_from"] is not None]
        high = [row[f"{name}_to"] for row in self.rows if row[f"{name}_to"] is not None]
        return min(low), max(high)

    # The order of the numbers ------------------------------------------------------------------

    def _ordered(self) -> TimeForm | Question:
        main = self.main
        misses = {order: main["numeric"] - main[order] for order in ORDERS if main[order]}
        misses = self._plausible(misses)
        best, *others = sorted(misses, key=lambda order: misses[order])
        rival = others[0] if others else None
        is_even = rival is not None and misses[rival] == misses[best]
        if is_even and (main["differ"] or "ymd" in (best, rival)):
            return self._ask_order(best, str(rival))
        told = rival is None or misses[best] * MIXED <= misses[rival]
        if not told and not is_even and best != "ymd":
            return self._ask_order(best, str(rival))
        if rival is not None and self._is_one_damaged(best, rival):
            return self._ask_order(best, rival)
        return self._with_serials(TimeForm(best, main["mark"], said=self._why(best)))

    def _is_one_damaged(self, best: str, rival: str) -> bool:
        """Say whether what tells the order may be a few damaged dates among those of the other one.

        It may where hardly any date tells it, and where it spreads the others over more time: the
        first days of a month, read in the other order, lie on one day of many months.
        """
        main = self.main
        telling = main["numeric"] - main[rival]
        if "ymd" in (best, rival) or not 0 < telling * MIXED <= main["differ"]:
            return False
        wide, narrow = (main[f"{order}_to"] - main[f"{order}_from"] for order in (best, rival))
        slack = timedelta(0) if telling * _MANY <= main["differ"] else _SLACK
        return bool(wide > narrow + slack)

    def _plausible(self, misses: dict[str, int]) -> dict[str, int]:
        """Leave out orders by which two-digit years lie strangely, if another one is left."""
        if not self.main["mark"].endswith("y"):
            return misses
        kept = {order: n for order, n in misses.items() if not self._is_strange(order)}
        return kept if kept and min(kept.values()) * MIXED <= self.main["numeric"] else misses

    def _is_strange(self, order: str) -> bool:
        first, last = self.main[f"{order}_from"], self.main[f"{order}_to"]
        return bool(last.year - first.year > _SPAN or first > self.today + timedelta(days=366))

    def _why(self, order: str) -> tuple[str, ...]:
        said = f"{self.header!r}: {FORM_WORDS[order]}"
        if order in ("dmy", "mdy") and self.main[f"only_{order}"]:
            said += (
                f", told by {self.main[f'only_{order}']!r} (line {self.main[f'only_{order}_line']})"
            )
        return (said,)

    def _ask_order(self, *orders: str) -> Question:
        main = self.main
        shown = main["either"] or main["seen"][0]
        evidence = [self._evidence(order) for order in sorted(orders)]
        return Question(
            key="date_format",
            text=f"The times in {self.header!r}, such as {shown!r}, can be read in two orders, and "
            "the values do not settle it.",
            choices=tuple(Choice(order, FORM_WORDS[order]) for order in sorted(orders)),
            evidence=tuple(evidence),
            suggestion=self._not_in_future(orders),
        )

    def _evidence(self, order: str) -> str:
        main = self.main
        first, last = main[f"{order}_from"], main[f"{order}_to"]
        told = f"{FORM_WORDS[order]}: {main[order]} of {main['numeric']} values fit, "
        told += f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        if main.get(f"only_{order}"):
            line = main[f"only_{order}_line"]
            told += f"; {main[f'only_{order}']!r} (line {line}) fits no other"
        return told

    def _not_in_future(self, orders: tuple[str, ...]) -> str | None:
        """Return the one order by which nothing lies in the future, if there is just one."""
        main, soon = self.main, self.today + timedelta(days=2)
        past = [order for order in orders if main[f"{order}_to"] <= soon]
        return past[0] if len(past) == 1 and main[past[0]] == main["numeric"] else None

    # Serials beside texts, and alone -----------------------------------------------------------

    def _with_serials(self, form: TimeForm) -> TimeForm | Question:
        """Say whether serials, or true dates of a workbook, are read beside the texts."""
        serial = "excel" if self._sum("excel") else "iso"
        is_iso = form.form == "iso_local" or (form.form == "ymd" and serial == "iso")
        if is_iso and serial == "iso":
            is_turned = self._sum("iso_local") > 0 and self._is_turned("iso")
            return self._ask_turned() if is_turned else form
        count = self._sum("excel") if serial == "excel" else self._sum("iso_local")
        if not count or form.form == "digits":
            return form
        first, last = self._range(serial)
        kind = "serials" if serial == "excel" else "true dates"
        why = self._not_beside(form, serial, first, last)
        if why:
            said = f"{self.header!r}: {count} {kind} among the texts are rejected: {why}"
            return TimeForm(form.form, form.mark, said=(*form.said, said))
        said = f"{self.header!r}: {count} {kind} among the texts are read: they lie within "
        said += "the range of these"
        texts, mark = ("ymd", "-") if form.form == "iso_local" else (form.form, form.mark)
        return TimeForm(texts, mark, serials=True, said=(*form.said, said))

    def _not_beside(
        self, form: TimeForm, serial: str, first: datetime, last: datetime
    ) -> str | None:
        """Say why serials may not be read beside the texts."""
        low, high = self._range("iso" if form.form == "iso_local" else form.form)
        if first < _day(low) or last >= _day(high) + timedelta(days=1):
            return f"they lie from {first:%Y-%m-%d} to {last:%Y-%m-%d}, outside the texts' range"
        if self._is_turned(serial):
            return "a spreadsheet has probably turned their day and month"
        digits = [row["serial_digits"] for row in self.rows if row["serial_digits"]]
        if serial == "excel" and digits and max(digits) < _FULL_SECOND:
            return "they are rounded"
        return None

    def _is_turned(self, serial: str) -> bool:
        """Say whether a spreadsheet has turned day and month where it could.

        Then no text fits both orders, and all of the others lie on a day up to 12.
        """
        lows = [row[f"{serial}_is_low"] for row in self.rows]
        one_way = self._sum("dmy") + self._sum("mdy")
        is_mixed = one_way > 1 and one_way * 10 >= self.timed
        is_either = self._sum("differ") + self._sum("same") > 0
        return is_mixed and not is_either and False not in lows

    def _ask_turned(self) -> Question:
        return Question(
            key="date_format",
            text=f"The dates in {self.header!r} written as YYYY-MM-DD all lie on days 1 to 12, the "
            "others all beyond: a spreadsheet has probably turned day and month where it could. "
            "Ask for the export as text; or state that these dates are right: the others are then "
            "rejected.",
            choices=(Choice("iso", FORM_WORDS["iso"]),),
            evidence=self._seen(),
        )

    def _serials_alone(self) -> TimeForm | Question:
        first, last = self._range("excel")
        digits = [row["serial_digits"] for row in self.rows if row["serial_digits"]]
        is_rounded = bool(digits) and max(digits) < _FULL_SECOND
        # Counted from 1904 they would lie four years later, in the future.
        is_proven = last <= self.today + timedelta(days=2) < last + _EPOCHS and not is_rounded
        said = f"{self.header!r}: Excel serials, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        if is_proven:
            return TimeForm("excel", said=(said,))
        text = f"The times in {self.header!r} are numbers such as {self._shown()!r}. Are they days "
        text += "as Excel counts them?"
        evidence = [f"they would lie from {first:%Y-%m-%d} to {last:%Y-%m-%d}"]
        if is_rounded:
            evidence.append(f"at most {max(digits)} decimals: the hours are rounded")
        return Question("date_format", text, _choices("excel"), tuple(evidence))

    def _seconds(self, family: str) -> TimeForm | Question:
        first, last = self._range(family)
        told = f"{FORM_WORDS[family]}, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        if first.year >= 2005 and last <= self.today + timedelta(days=2):
            return TimeForm(family, said=(f"{self.header!r}: {told}",))
        text = f"The times in {self.header!r} are numbers such as {self._shown()!r}."
        return Question("date_format", text, _choices(family), (told,))

    # Zones in the cells, and nothing known -----------------------------------------------------

    def with_zones(self, form: TimeForm) -> TimeForm:
        """Return a form that was told otherwise, as by a person, with the zones of its values."""
        if form.zoned:
            return form
        zoned = self._with_zones(form, self._sum(form.form))
        return zoned if isinstance(zoned, TimeForm) else form

    def _with_zones(self, form: TimeForm | Question, fitting: int) -> TimeForm | Question:
        zoned = self._sum("zoned")
        if isinstance(form, Question) or zoned * 2 <= fitting or form.form == "iso_local":
            return form
        zones = sorted({zone for row in self.rows for zone in row["zones"] or []})
        said = f"{self.header!r}: the values name their zone: {', '.join(zones)}"
        return TimeForm(form.form, form.mark, zoned=True, said=(*form.said, said))

    def _unknown(self) -> Question:
        return Question(
            key="date_format",
            text=f"The times in {self.header!r} are not written as YYYY-MM-DD HH:MM:SS, nor in "
            f"another form that is known: {' and '.join(self._seen())}. State their form.",
            choices=(
                *(Choice(word, meaning) for word, meaning in FORM_WORDS.items()),
                Choice("%m/%d/%Y %H:%M:%S", "or any other strptime form"),
            ),
            is_free=True,
        )

    def _seen(self) -> tuple[str, ...]:
        cells = [
            (line, cell)
            for row in self.rows
            for line, cell in zip(row["seen_lines"], row["seen"], strict=True)
        ]
        return tuple(f"{cell!r} (line {line})" for line, cell in sorted(cells)[:2])

    def _shown(self) -> str:
        return str(self.rows[0]["seen"][0])


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _choices(*words: str) -> tuple[Choice, ...]:
    return tuple(Choice(word, FORM_WORDS[word]) for word in words)


def merged_rows(one: Sequence[Row], other: Sequence[Row], *, by: str) -> tuple[Row, ...]:
    """Return what two parts of a column tell together, a row for each `by`; first examples stay."""
    together = {row[by]: row for row in one}
    for row in other:
        old = together.get(row[by])
        together[row[by]] = row if old is None else _merged(old, row)
    return tuple(together.values())


def _merged(one: Row, other: Row) -> Row:
    return {name: _joined(name, value, other[name]) for name, value in one.items()}


def _joined(name: str, one: Any, other: Any) -> Any:
    """Return what a fact of two parts is together."""
    if one is None or other is None:
        return other if one is None else one
    if name.endswith("_from"):
        return min(one, other)
    if name.endswith("_to") or name == "serial_digits":
        return max(one, other)
    if name == "zones":
        return sorted({*one, *other})
    if isinstance(one, bool):
        return one and other
    is_count = isinstance(one, int) and not name.endswith("_line")
    return one + other if is_count else one


def broken_order(header: str, row: Row) -> Question:
    """Return the question of a column of which too many dates break the order of the first ones."""
    text = (
        f"{row['dates']} dates in {header!r}, such as {row['date_text']!r} (line "
        f"{row['date_line']}), break the order of the first ones. Which is right? The others are "
        "rejected, and those that fit both orders are read in the one stated."
    )
    return Question("date_format", text, _choices(*ORDERS))
