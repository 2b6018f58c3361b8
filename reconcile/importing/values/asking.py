"""What a file does not say by itself: the form and zone of its times, its decimal mark, its units.

Nothing is guessed: what the values do not prove and nobody has stated is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from reconcile.importing.fields import MONEY
from reconcile.importing.forms.amounts import (
    UNITS,
    ask_unit,
    broken_mark,
    decimal_mark,
    merged,
    unit_named,
)
from reconcile.importing.forms.times import (
    FORM_WORDS,
    MIXED,
    ORDERS,
    TimeColumn,
    TimeForm,
    broken_order,
    merged_rows,
)
from reconcile.importing.mapping.columns import Columns
from reconcile.importing.questions import Question, asked
from reconcile.importing.records import Mapping, StageOptions
from reconcile.importing.values.held import Held, held_mark, held_order
from reconcile.importing.values.matched import with_order_evidence, zone_question
from reconcile.importing.values.readings import Cells, Reading, Row
from reconcile.importing.values.zone_words import FORMS, ZoneWords
from reconcile.zones import zone_of

EVERY = 1 << 62

MATCHED = 5_000
"""Rows that are held against known events."""


class NotYetTold(Exception):
    """The first part of a file leaves open what the whole file may tell: it is to be looked at."""


@dataclass(frozen=True)
class Asking:
    """What is known of a file's reading while its parts come in, and what is still open.

    What the first part proves is taken; what it leaves open, the whole file is looked at for
    (`looks`) before any row is typed. That the times lack a zone, any part can show.
    """

    name: str
    columns: Columns
    options: StageOptions
    is_dated: bool = False
    """Its times may be true dates, as those of a workbook are."""
    looks: bool = False
    """All parts are only looked at; `finished` says what they tell."""
    decided: Reading | None = None
    marks: tuple[Row, ...] = ()
    """What the times looked at so far tell, by the mark that parts their numbers."""
    amounts: dict[str, Row] = field(default_factory=dict)
    """What the amounts looked at so far tell, by field."""
    is_marked: bool = False
    """The decimal mark is known."""
    is_bare: bool = True
    """The amounts seen are bare numbers, so that the cheapest question reads most of them."""
    lacks_zone: bool = False
    words: ZoneWords = field(default_factory=ZoneWords)
    """Words such as PST that the cells name, which may mean two times in summer."""
    opened: tuple[Row, ...] = ()
    """Ids of some rows, with the times that the readings of their texts make."""

    @property
    def reading(self) -> Reading:
        """Return how the cells are to be read; known after the first part."""
        if self.decided is None:
            raise RuntimeError("no part was looked at")
        return self.decided

    @property
    def is_answered(self) -> bool:
        """Return whether no further part can change anything."""
        is_read = self.decided is not None and not self.looks
        return is_read and self.is_marked and not self.awaits_zone

    @property
    def awaits_zone(self) -> bool:
        """Say whether times are read that no statement and no form puts into a zone."""
        reading = self.decided
        is_open = reading is not None and not reading.has_zone and not reading.in_utc
        return is_open and self._is_timed

    @property
    def _is_timed(self) -> bool:
        return "occurred_at" in self.columns.fields

    @property
    def _mapping(self) -> Mapping:
        return self.options.mapping or Mapping()

    @property
    def _money(self) -> list[str]:
        return [name for name in MONEY if name in self.columns.fields]

    def after(self, cells: Cells, *, is_whole: bool) -> Asking:
        """Return what is known once the cells of a part were looked at.

        Raises:
            NotYetTold: A part leaves open what only the whole file can tell.
            QuestionOpen: The form or the zone of the times, or the decimal mark of the amounts,
                is not known.
            UnknownZone: The stated zone does not exist.
        """
        seen = self.with_amounts(cells)
        if self.looks:
            return seen.with_times(cells, every=True)
        if self.decided is None:
            seen = seen.with_times(cells, every=False)
        return seen.settled(cells, is_whole=is_whole)

    def finished(self) -> Asking:
        """Return what the whole file has told; raises as `after`."""
        return replace(self, looks=False).settled(None, is_whole=True)

    def ask_broken(self, row: Row, records: int) -> None:
        """Ask where too many of all values fit the form that the first ones have not.

        Raises:
            QuestionOpen: One in twenty breaks a form that nobody has stated.
        """
        questions = []
        if self._stated_form() is None and row["dates"] * MIXED > records:
            questions.append(broken_order(self._header, row))
        if self._mapping.decimal is None and row["amounts"] * MIXED > records:
            questions.append(broken_mark(row))
        if questions:
            raise asked(self.name, questions)

    def with_times(self, cells: Cells, *, every: bool) -> Asking:
        """Look at the times; where a few thousand are all ISO, that is proof enough."""
        stated = self._stated_form()
        if stated is not None and stated.form not in FORMS:
            return self
        if stated is None and not every:
            rows = cells.first.told("importing/sample")
            if rows and all(row["is_local"] for row in rows):
                return replace(self, decided=self._read_as(TimeForm("iso_local")))
            if rows and all(row["is_utc"] for row in rows):
                return replace(self, decided=self._read_as(TimeForm("iso_utc")))
        cells.engine.once("importing/macros_times")
        told = cells.told("importing/time_evidence")
        words = self.words.seen(cells, told, matches=self.options.known_times is not None)
        known = replace(self, marks=merged_rows(self.marks, told, by="mark"), words=words)
        return replace(known, opened=self.opened or self._open(cells, self._read_as(_ISO)))

    def with_amounts(self, cells: Cells) -> Asking:
        """Look at the amounts, as long as none has told the decimal mark."""
        if self.is_marked:
            return self
        if self._mapping.decimal is not None:
            # Nobody has looked whether the amounts are bare, so they are read as any may be.
            return replace(self, is_marked=True, is_bare=False)
        names = [name for name in self._money if self._unit(name) is None]
        is_bare = self.is_bare
        if not self.looks:
            first = [cells.first.told("importing/bare_amount", field=name)[0] for name in names]
            is_bare = is_bare and all(row["amounts"] == row["bare"] for row in first)
            if is_bare and any(row["point"] for row in first):
                return replace(self, is_marked=True)
        amounts = dict(self.amounts)
        for name in names:
            [row] = cells.told("importing/decimal_mark", field=name, limit=EVERY)
            amounts[name] = merged(amounts.get(name), row)
        return replace(self, amounts=amounts, is_bare=is_bare)

    def settled(self, cells: Cells | None, *, is_whole: bool) -> Asking:
        """Decide what can be decided, and ask the rest together."""
        questions: list[Question] = []
        reading = self.decided or self._times(questions, is_whole=is_whole)
        reading, marked = self._amount_form(reading, questions, is_whole=is_whole)
        if (questions or self._awaits_words(reading)) and not is_whole:
            raise NotYetTold
        known = replace(
            self,
            decided=reading,
            is_marked=marked,
            lacks_zone=self.lacks_zone or (cells is not None and self._lacks_zone(reading, cells)),
        )
        if known.awaits_zone and known.lacks_zone:
            opened = self._open(cells, known.reading) if cells is not None else self.opened
            questions.append(zone_question(self._header, self._pairs(opened)))
        if questions:
            raise asked(self.name, [self._with_orders(question) for question in questions])
        return known

    def _times(self, questions: list[Question], *, is_whole: bool) -> Reading:
        stated = self._stated_form()
        if stated is not None:
            return self._read_as(self._in_zones(stated, questions))
        if not sum(row["timed"] for row in self.marks):
            return self._read_as(_ISO)
        found = TimeColumn(self._header, self.marks, datetime.now(UTC).date()).decided()
        known = self._mapping.known.get("date_format")
        if isinstance(found, Question) and not is_whole:
            known = None  # what settles the order may still come
        held = held_order(found, known, self._header, is_dated=self.is_dated)
        if isinstance(held.form, Question):
            questions.append(held.form)
        form = self._in_zones(held.form, questions) if isinstance(held.form, TimeForm) else _ISO
        return _noted(self._read_as(form), "date_format", held)

    def _awaits_words(self, reading: Reading) -> bool:
        """Say whether PST of a later part may lie in summer."""
        is_open = self.decided is None and self._mapping.zone_words is None
        return is_open and reading.times.zoned and self.words.is_open

    def _in_zones(self, form: TimeForm, questions: list[Question]) -> TimeForm:
        """Return a form with what the cells say of their zones; ask what PST means in summer."""
        if form.form not in FORMS:
            return form
        form = TimeColumn(self._header, self.marks, datetime.now(UTC).date()).with_zones(form)
        if not form.zoned or self._mapping.zone_words == "fixed":
            return form
        if self._mapping.zone_words == "local":
            return self.words.worded(form)
        pairs = self._pairs(self.words.times.get(form.form, ()))
        question = self.words.question(self._header, form.form, pairs)
        questions += [question] if question is not None else []
        return form

    def _stated_form(self) -> TimeForm | None:
        """Return the form that a person or the header states, None if the values are to tell."""
        if not self._is_timed:
            return TimeForm("iso_local")
        stated = self._mapping.form_of(self._header)
        if stated is None:
            return TimeForm("unix") if self.columns.has_unix_times else None
        if stated == "iso":
            return TimeForm("iso_local")
        if stated in FORM_WORDS:
            return TimeForm(stated, serials=self.is_dated and stated not in ("unix", "unix_ms"))
        return TimeForm("stated", stated, serials=self.is_dated)

    def _read_as(self, times: TimeForm) -> Reading:
        mapping, options = self._mapping, self.options
        zone, by = (mapping.zone, "mapping") if mapping.zone else (options.zone, "run")
        if zone is not None:
            zone_of(zone)
        reading = Reading(times, zone or "UTC", by, has_zone=zone is not None)
        if reading.in_utc or zone is None:
            return replace(reading, zone="UTC", stated_by="values")
        return reading

    def _amount_form(
        self, reading: Reading, questions: list[Question], *, is_whole: bool
    ) -> tuple[Reading, bool]:
        """Return how amounts are read, and whether their decimal mark is known."""
        units = {name: UNITS[unit] for name in self._money if (unit := self._unit(name))}
        reading = replace(reading, units=units)
        stated = self._mapping.decimal
        if stated is not None or (self.is_marked and self.decided is not None):
            comma = stated == "," if stated else reading.comma
            return replace(reading, comma=comma), True
        rows = {self._amount_header(name): row for name, row in self.amounts.items()}
        found = "." if self.is_marked else decimal_mark(rows)
        known = self._mapping.known.get("decimal")
        if isinstance(found, Question) and not is_whole:
            known = None
        held = held_mark(found, known)
        if isinstance(held.form, Question):
            questions.append(held.form)
        elif held.form is None and is_whole:
            asked_ = (ask_unit(n, self._amount_header(n), row) for n, row in self.amounts.items())
            questions += [question for question in asked_ if question is not None]
        is_known = isinstance(held.form, str)
        return _noted(replace(reading, comma=held.form == ","), "decimal", held), is_known

    def _unit(self, name: str) -> str | None:
        """Return the unit that is stated, or that the header names."""
        stated = self._mapping.units.get(name)
        return stated or unit_named(self._amount_header(name))

    def _lacks_zone(self, reading: Reading, cells: Cells) -> bool:
        """Say whether a row has a time and nothing that tells its zone."""
        if reading.has_zone or reading.in_utc or not self._is_timed:
            return False
        [row] = cells.told("importing/zone_count")
        return bool(row["timed"] > row["coded"])

    def _open(self, cells: Cells, reading: Reading) -> tuple[Row, ...]:
        """Return some rows whose times can be held against known events."""
        if self.options.known_times is None:
            return ()
        cells.engine.execute("importing/time_iso" if reading.is_iso else "importing/time_any")
        params = {**reading.parameters(), "limit": MATCHED}
        return tuple(cells.told("importing/open_time", **params))

    def _pairs(self, rows: Sequence[Row]) -> list[tuple[datetime, Row]]:
        """Return the rows that match an event, with its time."""
        known = self.options.known_times
        if known is None or not rows:
            return []
        times = known.of([row["id"] for row in rows])
        return [(times[row["id"]], row) for row in rows if row["id"] in times]

    def _with_orders(self, question: Question) -> Question:
        """Add to a question for the order of dates what matched events say of it."""
        is_order = {choice.value for choice in question.choices} <= set(ORDERS)
        return with_order_evidence(question, self._pairs(self.opened)) if is_order else question

    @property
    def _header(self) -> str:
        return self.columns.headers[self.columns.fields["occurred_at"][0]]

    def _amount_header(self, name: str) -> str:
        return self.columns.headers[self.columns.fields[name][0]]


def _noted(reading: Reading, key: str, held: Held) -> Reading:
    """Return a reading with what its file has proved, or took from earlier ones."""
    proved = {key: held.proved} if held.proved is not None else {}
    said = () if held.said is None else (held.said,)
    return replace(
        reading,
        proved={**reading.proved, **proved},
        from_before=(*reading.from_before, *said),
    )


_ISO = TimeForm("iso_local")

LOOK = Asking("", Columns([], {}, {}, None), StageOptions(), looks=True)
"""Stands for a file that is to be looked at as a whole, of which nothing is known yet."""
